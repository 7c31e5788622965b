import { describeCrashes, describeWholeStories } from './crashes.ts';

describeWholeStories();
// Every call is in the slow lane.
describeCrashes({ stride: 11, runs: 4 });
