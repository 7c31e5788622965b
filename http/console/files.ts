/** A file of the built console. */
export type ConsoleFile = {
  body: Uint8Array<ArrayBuffer>;
  /** The same, compressed by gzip. */
  gzip: Uint8Array<ArrayBuffer>;
  type: string;
};

/** The built console. Names carry a hash of the content, so that browsers keep files for good. */
export type ConsoleFiles = {
  /** Name of the script that a page loads; it loads the rest. */
  script: string;
  /** Name of the stylesheet. */
  style: string;
  /** Names of what the script imports at once. */
  parts: readonly string[];
  /** By the folder of a screen: names of what it needs besides. */
  screens: Readonly<Record<string, readonly string[]>>;
  /** Name of the icon of a tab. */
  icon: string;
  /** Names of the icons of the installed console. */
  icons: { any192: string; any512: string; maskable512: string; touch180: string };
  /** Names of the service worker, and of what registers it. */
  worker: string;
  register: string;
  files: ReadonlyMap<string, ConsoleFile>;
};
