import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** The server puts a fresh value in the place of this one each time it serves the page. */
const NONCE = "__DESKHAND_NONCE__";

const compressible = /\.(js|css|svg|json)$/;

/** Lays a compressed copy beside each text, so that the server never compresses anything. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir = "." }) {
      const files = await readdir(dir, { recursive: true });
      await Promise.all(files.filter((name) => compressible.test(name)).map((name) => compress(join(dir, name))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, quality));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }));
}

export default defineConfig({
  plugins: [react(), compressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Vite's own server shows the pages; what they ask for, a server that runs beside it answers.
  server: {
    proxy: {
      "^/(api/|sign-in|start|[0-9a-f-]{36}/)": { target: process.env["DESKHAND_URL"] ?? "http://127.0.0.1:8430", changeOrigin: false },
    },
  },
  html: { cspNonce: NONCE },
  build: {
    outDir: "../src/deskhand/portal",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
});
