import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locate } from "../../../setup/locate.ts";

/** A certificate and its key, as files and as texts. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** A folder of certificates made for one test. */
export interface Certificates {
  /** An authority that signs itself. */
  authority(name: string): Identity;
  /** A certificate that an authority signed, for these names: "DNS:ups.example" or "IP:127.0.0.1". */
  signed(by: Identity, name: string, names: readonly string[]): Identity;
  remove(): void;
}

export function makeCertificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), "haechi-certificates-"));
  const filesOf = (name: string) => ({ certFile: join(dir, `${name}.pem`), keyFile: join(dir, `${name}.key`) });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  return {
    authority(name) {
      const { certFile, keyFile } = filesOf(name);
      openssl("req", "-x509", ...key, "-keyout", keyFile, "-out", certFile, "-days", "2", "-subj", `/CN=${name}`);
      return read(certFile, keyFile);
    },
    signed(by, name, names) {
      const { certFile, keyFile } = filesOf(name);
      const [request, extensions] = [join(dir, `${name}.csr`), join(dir, `${name}.ext`)];
      openssl("req", "-new", ...key, "-keyout", keyFile, "-out", request, "-subj", `/CN=${name}`);
      writeFileSync(extensions, `subjectAltName=${names.join(",")}\n`);
      const sign = ["-CA", by.certFile, "-CAkey", by.keyFile, "-CAcreateserial", "-days", "2", "-extfile", extensions];
      openssl("x509", "-req", "-in", request, "-out", certFile, ...sign);
      return read(certFile, keyFile);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

const read = (certFile: string, keyFile: string): Identity => ({
  certFile,
  keyFile,
  cert: readFileSync(certFile, "utf8"),
  key: readFileSync(keyFile, "utf8"),
});

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(locate("openssl")!, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`);
}
