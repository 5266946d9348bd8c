import { chmodSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { writeProgram } from '../../toolchain/toolchain-doubles.ts'
import { findDaemon, isDaemon, type Machine, requireDaemon } from './docker-daemon.ts'

/** A folder with a socket at which `answer` is said to every question; without it nobody listens. */
async function socketWith(answer?: string): Promise<string> {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const socket = join(folder.path, 'docker.sock')
  if (answer === undefined) return socket
  const server = createServer((_, response) => response.end(answer))
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return socket
}

const linux: Machine = { platform: 'linux', hasSystemd: true, userId: 1000 }

test('a daemon that answers is found with its version and its socket', async () => {
  const socket = await socketWith('{"Version":"28.1.1"}')
  const environment = { DOCKER_HOST: `unix://${socket}` }
  await expect(findDaemon(environment)).resolves.toEqual({ version: '28.1.1', socket })
  await expect(requireDaemon(environment)).resolves.toMatchObject({ version: '28.1.1' })
})

test('where several sockets can be, the one that answers is taken', async () => {
  const socket = await socketWith('{"Version":"28.1.1"}')
  const found = await findDaemon({ XDG_RUNTIME_DIR: join(socket, '..') })
  // A machine whose own daemon runs has that one first.
  expect(isDaemon(found)).toBe(true)
})

test('something else at the socket is no daemon', async () => {
  const socket = await socketWith('<html>')
  await expect(findDaemon({ DOCKER_HOST: `unix://${socket}` }, linux)).resolves.toEqual({
    seen: `no docker on PATH, and no daemon answers at ${socket}`,
    remedy: expect.stringContaining('install Docker Engine'),
  })
})

test.each<[string, Machine, hasProgram: boolean, RegExp]>([
  ['systemd', linux, true, /^sudo systemctl start docker$/],
  ['systemd, as root', { ...linux, userId: 0 }, true, /^systemctl start docker$/],
  ['systemd, without Docker', linux, false, /^install Docker Engine/],
  ['no systemd', { ...linux, hasSystemd: false, userId: 0 }, true, /^\.ci\/docker start/],
  [
    'macOS',
    { ...linux, platform: 'darwin' },
    true,
    /^start Docker Desktop \(open -a Docker\), or colima start$/,
  ],
  ['macOS, without Docker', { ...linux, platform: 'darwin' }, false, /^install Docker Desktop/],
])('where none runs, it is said how one is started: %s', async (_, machine, hasProgram, remedy) => {
  const socket = await socketWith()
  const bin = join(socket, '..', 'bin')
  if (hasProgram) await writeProgram(join(bin, 'docker'), 'exit 1')
  const found = await findDaemon({ DOCKER_HOST: `unix://${socket}`, PATH: bin }, machine)
  expect(found).toEqual({
    seen: hasProgram
      ? `${join(bin, 'docker')}, but no daemon answers at ${socket}`
      : `no docker on PATH, and no daemon answers at ${socket}`,
    remedy: expect.stringMatching(remedy),
  })
})

test('a daemon of another machine is refused: the ports of its containers are not here', async () => {
  await expect(findDaemon({ DOCKER_HOST: 'tcp://build-7:2375' })).resolves.toMatchObject({
    seen: 'DOCKER_HOST=tcp://build-7:2375 is no socket of this machine',
    remedy: expect.stringContaining('unset DOCKER_HOST'),
  })
})

// root opens everything.
test.skipIf(process.getuid?.() === 0)(
  'a socket that this user may not open is told from one that is not there',
  async () => {
    const socket = await socketWith('{"Version":"28.1.1"}')
    chmodSync(socket, 0)
    await expect(findDaemon({ DOCKER_HOST: `unix://${socket}` })).resolves.toMatchObject({
      seen: `this user may not open ${socket}`,
      remedy: expect.stringContaining('usermod -aG docker'),
    })
  },
)

test('asked for k3s without a daemon, the run ends with the code of its own and the way without Docker', async () => {
  const environment = { DOCKER_HOST: `unix://${await socketWith()}` }
  await expect(requireDaemon(environment, 'verify on processes')).rejects.toMatchObject({
    code: 'ENV_DOCKER_UNREACHABLE',
    exitStatus: 3,
    account: { remedy: expect.stringMatching(/\S; without Docker: verify on processes$/) },
  })
  await expect(requireDaemon(environment)).rejects.toMatchObject({
    account: { remedy: expect.not.stringContaining('without Docker') },
  })
})
