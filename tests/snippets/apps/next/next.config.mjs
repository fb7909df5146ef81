import { resolve } from "node:path";

// The packages are two folders up, see build.py.
export default { output: "export", distDir: "dist", turbopack: { root: resolve(import.meta.dirname, "../..") } };
