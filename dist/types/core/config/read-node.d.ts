import { type Document } from 'yaml';
/** Part of a YAML file that stands for no data that a config could hold. */
export declare class UnusableNode extends Error {
    name: string;
    offset: number;
    constructor(message: string, offset: number);
}
/** A key that a mapping holds twice, with the offsets of both. */
export type Duplicate = {
    key: string;
    offset: number;
    first: number;
};
/**
 * The plain data of a document. Stricter than the YAML library: keys are texts, equal as texts when they are duplicates,
 * aliases are bounded and never run in circles. Throws UnusableNode.
 */
export declare function readNode(doc: Document.Parsed): {
    value: unknown;
    duplicates: Duplicate[];
};
