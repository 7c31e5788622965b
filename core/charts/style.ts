/** Colours of a plot in both themes, by the reader's preference. */
export const plotStyle = `
svg{background:#fff;font:12px system-ui,sans-serif}
text{fill:#24292f}.dim{fill:#57606a}.frame{stroke:#d0d7de;fill:none}
.value{stroke:#0969da;fill:none;stroke-width:1.3;stroke-linejoin:round}
.baseline{stroke:#6e7781;fill:none;stroke-dasharray:2 3}
.warn-line{stroke:#bf8700;fill:none;stroke-dasharray:6 3}.critical-line{stroke:#cf222e;fill:none;stroke-dasharray:6 3}
.warn{fill:#d4a72c}.critical{fill:#cf222e}.labelled{fill:#8250df;opacity:.16}.page{fill:#24292f}.wrong{stroke:#24292f;stroke-width:2}
@media(prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.dim{fill:#8d96a0}.frame{stroke:#30363d}
.value{stroke:#58a6ff}.baseline{stroke:#8d96a0}.warn-line{stroke:#d29922}.critical-line{stroke:#ff7b72}
.warn{fill:#bb8009}.critical{fill:#f85149}.labelled{fill:#bc8cff;opacity:.25}.page{fill:#e6edf3}.wrong{stroke:#e6edf3}}`.trim();

/** The SHA-256 of `plotStyle`, as a Content-Security-Policy names it; a test compares them. */
export const plotStyleHash = "'sha256-SLMQ4AoiZZzi2P+ITvu6jVAu81N6v34YccFuu6WBuNM='";
