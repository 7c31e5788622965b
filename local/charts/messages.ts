/** What the thread that draws is asked, and what it tells. */
export type Asked = { id: number; svg: string };
export type Told = { id: number; png: Uint8Array; error?: undefined } | { id: number; error: string };
