/**
 * How the functions are bundled, for the stack and for the benchmark alike.
 *
 * The AWS SDK is bundled too: the version is the one that was tested, and since a bundle holds only what is used, it is
 * imported in about half the time that the installed packages take (npm run bench has each function). Source maps are
 * left out, for they are larger than the code. CommonJS packages inside an ES module need `require` for the built-in
 * modules of Node, which the banner gives them.
 */
export declare const bundling: {
    target: string;
    mainFields: string[];
    minify: boolean;
    banner: string;
};
