// Starts the programs of a measurement, and ends them when it ends.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const scratch = mkdtempSync(join(tmpdir(), 'oruk-replicas-'))
const running = new Set()
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export function start(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  running.add(child)
  child.said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (child.said = (child.said + text).slice(-20_000)))
  child.gone = new Promise((resolve) => child.on('exit', () => (running.delete(child), resolve())))
  return child
}

export async function until(what, within, isSo) {
  for (const began = Date.now(); Date.now() - began < within; await sleep(200)) {
    const found = await isSo()
    if (found) return found
  }
  throw new Error(`${what}: not within ${within / 1000} s`)
}

export async function endAll() {
  for (const child of running) {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
  }
  await sleep(500)
  rmSync(scratch, { recursive: true, force: true })
}

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
