// Completes package-lock.json after `npm install` behind a registry that does not carry the packages of every platform:
// npm leaves those out of the lock, and `npm ci` then refuses the lock on every machine. Writes name, version and platform;
// an `npm install` with the full registry adds the rest.
import { readFileSync, writeFileSync } from 'node:fs'

const file = 'package-lock.json'
const platforms = ['darwin', 'linux', 'win32', 'freebsd', 'android', 'openharmony', 'sunos', 'aix', 'netbsd', 'openbsd']
const processors = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32']
const lock = JSON.parse(readFileSync(file, 'utf8'))

for (const [path, { optionalDependencies = {}, dev }] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (found(path, name)) continue
    const words = name.replace('windows', 'win32').split(/[/-]/)
    const [os, cpu] = [platforms.find((each) => words.includes(each)), processors.find((each) => words.includes(each))]
    const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') && os === 'linux' ? ['glibc'] : undefined
    const entry = {
      version: version.replace(/^[\^~]/, ''),
      cpu: cpu && [cpu],
      dev,
      libc,
      optional: true,
      os: os && [os],
    }
    lock.packages[`node_modules/${name}`] = entry
    process.stdout.write(`${name}@${entry.version} ${os ?? 'any'} ${cpu ?? 'any'}\n`)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)

/** Whether the lock has the package where Node would look for it from `path`. */
function found(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true
    if (!at.includes('/node_modules/')) return at !== '' && lock.packages[`node_modules/${name}`] !== undefined
  }
}
