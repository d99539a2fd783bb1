/*
 * Makes the bundle of the editor and the list of its licences, which the wheel carries.
 *
 * With --check, nothing is written: the exit status says whether the files are what would be
 * written. `npm ci` beforehand installs the versions of package-lock.json, and no other.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../grader/service/web/static");

const made = await build({
  absWorkingDir: here,
  entryPoints: ["entry.js"],
  outfile: "editor.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none", // they are all in the list of licences
  metafile: true,
  write: false,
});

/** The packages that are really in the bundle, each with its licence. */
function licences() {
  const packages = new Set();
  for (const path of Object.keys(made.metafile.inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found) packages.add(found[1]);
  }
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = readFileSync(join(folder, "LICENSE"), "utf8").trim();
    texts.push(`${name} ${version} (${license})\n\n${text}\n`);
  }
  const head = "What editor.js is made of, and under which licences.\n";
  return [head, ...texts].join(`\n${"-".repeat(80)}\n\n`);
}

const files = new Map([
  ["editor.js", made.outputFiles[0].text],
  ["editor.licences.txt", licences()],
]);
let differ = 0;
for (const [name, text] of files) {
  const path = join(target, name);
  if (!process.argv.includes("--check")) {
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) {
    console.error(`${relative(process.cwd(), path)} is not what build.mjs makes: run it, commit.`);
    differ = 1;
  }
}
process.exit(differ);
