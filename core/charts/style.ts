/** Colours of a plot, dark on white. */
export const lightStyle = `
svg{background:#fff;font:12px system-ui,sans-serif}
text{fill:#24292f}.dim{fill:#57606a}.frame{stroke:#d0d7de;fill:none}
.value{stroke:#0969da;fill:none;stroke-width:1.3;stroke-linejoin:round}
.baseline{stroke:#6e7781;fill:none;stroke-dasharray:2 3}
.warn-line{stroke:#bf8700;fill:none;stroke-dasharray:6 3}.critical-line{stroke:#cf222e;fill:none;stroke-dasharray:6 3}
.warn{fill:#d4a72c}.critical{fill:#cf222e}.labelled{fill:#8250df;opacity:.16}.page{fill:#24292f}.wrong{stroke:#24292f;stroke-width:2}
.judged{stroke:#16191d;fill:none;stroke-width:1.75;stroke-linejoin:round}.hatch{stroke:#fff;stroke-width:4;stroke-opacity:.55}.warn-field{fill:#fff4de}.critical-field{fill:#fdecec}.gap{fill:#eef0f3}.interval{fill:#24292f;fill-opacity:.13}.range{stroke:#16191d;fill:none;stroke-opacity:.45}
.provisional{stroke-dasharray:4 3}.first{stroke:#8c959f;fill:none}.hollow{fill:#fff;stroke:#16191d}.last{fill:#16191d}.strong{font-weight:600}
.ok{fill:#b6bdc6}.unjudged{fill:#7d66c9}.flag{fill:none;stroke:#57606a}.deploy{stroke:#2747c2}.rollback{stroke:#9b3fa0;stroke-dasharray:3 2}
.deploy-text{fill:#2747c2}.rollback-text{fill:#7d2f82}.acknowledged-text,.resolved-text{fill:#57606a}`.trimStart();

/** Colours of a plot in both themes, by the reader's preference. */
export const plotStyle = `${lightStyle}
@media(prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.dim{fill:#8d96a0}.frame{stroke:#30363d}
.value{stroke:#58a6ff}.baseline{stroke:#8d96a0}.warn-line{stroke:#d29922}.critical-line{stroke:#ff7b72}
.warn{fill:#bb8009}.critical{fill:#f85149}.labelled{fill:#bc8cff;opacity:.25}.page{fill:#e6edf3}.wrong{stroke:#e6edf3}
.judged{stroke:#e9edf3}.hatch{stroke:#0d1117}.warn-field{fill:#2c2110}.critical-field{fill:#33161a}.gap{fill:#1b2129}.interval{fill:#e6edf3;fill-opacity:.16}.range{stroke:#e9edf3}
.first{stroke:#6e7681}.hollow{fill:#0d1117;stroke:#e9edf3}.last{fill:#e9edf3}.ok{fill:#4a525c}.unjudged{fill:#9d8bf0}.flag{stroke:#8d96a0}.deploy{stroke:#9db1ff}.rollback{stroke:#d98be0}
.deploy-text{fill:#9db1ff}.rollback-text{fill:#d98be0}.acknowledged-text,.resolved-text{fill:#8d96a0}}`.trim();

/** The SHA-256 of `plotStyle`, as a Content-Security-Policy names it; a test compares them. */
export const plotStyleHash = "'sha256-dn4trslzl6YFNjf3KYKI5Q4EduRJeFSzunKL8S57hcc='";
