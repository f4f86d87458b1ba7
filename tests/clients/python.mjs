// Installs the packages of requirements.txt in a Python environment, in `venv` beside this file.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Returns the Python program to run as `program`, or the reason there is none as `missing`. */
export async function pythonEnvironment(here) {
  const folder = join(here, "venv");
  const program = join(folder, "bin", "python");
  try {
    await execute("python3", ["-m", "venv", folder]);
    await execute(program, ["-m", "pip", "install", "--quiet", "--requirement", join(here, "requirements.txt")]);
    return { program };
  } catch (error) {
    return { missing: `no Python with the packages of requirements.txt: ${error.message.trim().split("\n").at(-1)}` };
  }
}
