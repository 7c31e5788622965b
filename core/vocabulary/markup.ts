const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text inside of HTML or XML, also of an attribute in double quotes. */
export const markupText = (text: string): string => text.replace(/[&<>"]/g, (sign) => signs[sign] as string);
