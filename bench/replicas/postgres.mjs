// A PostgreSQL server on loopback, and a TCP proxy to it that can be cut off.

import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { scratch, start, until } from './processes.mjs'

function serverAccount() {
  if (process.getuid() !== 0) return {}
  const [, , uid, gid] = readFileSync('/etc/passwd', 'utf8').match(/^postgres:.*$/m)[0].split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

export class Postgres {
  constructor(port) {
    this.port = port
    this.account = serverAccount()
    const versions = readdirSync('/usr/lib/postgresql').sort((one, other) => other - one)
    this.programs = `/usr/lib/postgresql/${versions[0]}/bin`
    this.directory = join(scratch, 'postgres')
    mkdirSync(this.directory)
    chmodSync(scratch, 0o755)
    if (this.account.uid) chownSync(this.directory, this.account.uid, this.account.gid)
    this.run('initdb', ['--auth=trust', '--username', 'postgres', '--encoding=UTF8', '--locale=C', '-D', this.data])
  }

  get data() {
    return join(this.directory, 'data')
  }

  run(program, args) {
    const environment = { ...process.env, LC_ALL: 'C', HOME: this.directory }
    const options = { ...this.account, cwd: this.directory, encoding: 'utf8', env: environment }
    const ended = spawnSync(join(this.programs, program), args, options)
    if (ended.status !== 0) throw new Error(`${program}: ${ended.stderr}`)
    return ended.stdout.trim()
  }

  async start() {
    const args = ['-p', this.port, '-D', this.data, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
    this.server = start(join(this.programs, 'postgres'), args, { ...this.account, cwd: this.directory })
    await until('PostgreSQL starts', 30_000, () => this.server.said.includes('ready to accept connections'))
  }

  async stop() {
    this.server.kill('SIGQUIT')
    await this.server.gone
  }

  sql(text) {
    const place = ['-h', '127.0.0.1', '-p', this.port, '-U', 'postgres', '-d', 'postgres']
    return this.run('psql', [...place, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text])
  }
}

/** Forwards connections to a port. While it is cut, it forwards nothing and closes new connections. */
export class Wire {
  constructor(port) {
    this.isCut = false
    this.pairs = new Set()
    this.server = net.createServer((client) => {
      if (this.isCut) return client.destroy()
      const server = net.connect(port, '127.0.0.1')
      const pair = [client, server]
      this.pairs.add(pair)
      client.pipe(server).pipe(client)
      for (const end of pair) {
        end.on('error', () => {})
        end.on('close', () => (pair.forEach((other) => other.destroy()), this.pairs.delete(pair)))
      }
    })
  }

  listen() {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', () => resolve(this.server.address().port)))
  }

  /** Stops forwarding without closing open connections, as if a cable was unplugged. */
  cut() {
    this.isCut = true
    for (const [client, server] of this.pairs) {
      client.unpipe(server)
      server.unpipe(client)
    }
  }

  /** Accepts connections again, and closes those that were cut. */
  mend() {
    this.isCut = false
    for (const pair of this.pairs) pair.forEach((end) => end.destroy())
  }
}
