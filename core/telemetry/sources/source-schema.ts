import * as z from 'zod';
import { kindsIn } from '../../vocabulary/kinds.ts';
import { type SourceKind, sourceKinds } from './source.ts';

type Schema = (typeof sourceKinds)[SourceKind]['schema'];

const schemas = kindsIn(sourceKinds).map((kind): Schema => sourceKinds[kind].schema);

export const sourceSchema = z.discriminatedUnion('kind', schemas as [Schema, ...Schema[]]);
