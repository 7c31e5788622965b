/** Of the surroundings of the console, as `--surface` of web/style/tokens.css has them. */
export const themeColors = { light: '#ffffff', dark: '#13171d' } as const;
