#!/usr/bin/env node
// What an installed package starts, in plain JavaScript for whatever Node is there: the program itself needs a newer one.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `tocsin: expected Node 24 or newer; found ${process.versions.node} at ${process.execPath}. Install it, or install it beside Tocsin in a folder: npm install node@24 TARBALL, then npx tocsin\n`,
  );
  process.exit(1);
}
await import('../dist/tocsin.js');
