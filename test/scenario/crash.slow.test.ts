import { describeCrashes } from './crashes.ts';

describeCrashes({ stride: 1, runs: 30 });
