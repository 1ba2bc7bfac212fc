// A day's work with dockerode, printed line by line so that two runs can be compared. Usage: node dockerode.js HOST PORT | SOCKET
// Every await has a limit: a relay that breaks a stream must give a failure and not a hang.
'use strict';
const Docker = require('dockerode');
const tar = require('tar-stream');

const [where, port] = process.argv.slice(2);
const docker = port ? new Docker({ host: where, port }) : new Docker({ socketPath: where });
const image = 'busybox:local';
const say = (name, value) => console.log(`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);

function within(promise, what, ms = 15000) {
  let timer;
  const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what}: no end`)), ms); });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

// The whole of a stream, with the engine's eight-byte frame heads taken out where the stream is multiplexed.
function gather(stream, framed = true) {
  return new Promise((resolve, reject) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('error', reject);
    stream.on('end', () => {
      const bytes = Buffer.concat(parts);
      if (!framed) return resolve(bytes.toString());
      let text = '';
      for (let at = 0; at + 8 <= bytes.length;) {
        const size = bytes.readUInt32BE(at + 4);
        text += bytes.subarray(at + 8, at + 8 + size).toString();
        at += 8 + size;
      }
      resolve(text);
    });
  });
}

function archive(files) {
  const pack = tar.pack();
  for (const [name, text] of Object.entries(files)) pack.entry({ name }, text);
  pack.finalize();
  return pack;
}

async function main() {
  const version = await within(docker.version(), 'version');
  say('version', version.ApiVersion);
  say('ping', (await within(docker.ping(), 'ping')).toString());

  // Attach with stdin: an upgrade with a body that the engine never reads; create repeats its options in the query.
  for (let round = 0; round < 10; round++) {
    const counter = await docker.createContainer({
      Image: image, Cmd: ['wc', '-c'], OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true,
      Env: ['TOKEN=s3cr3t'], HostConfig: { NetworkMode: 'none' },
    });
    const stream = await within(counter.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true }), 'attach');
    const output = gather(stream);
    await within(counter.start(), 'start');
    stream.write('12345');
    stream.end();
    say('attach', await within(output, 'attach output'));
    say('wait', await within(counter.wait(), 'wait'));
    await counter.remove();
  }

  const web = await docker.createContainer({
    name: 'web', Image: image, Cmd: ['sh', '-c', 'echo begin; while :; do sleep 0.1; done'], HostConfig: { NetworkMode: 'none' },
  });
  await within(web.start({}), 'start with {}');

  for (const hijack of [true, false]) {
    const exec = await web.exec({ Cmd: ['sh', '-c', 'echo out; echo err >&2; exit 3'], AttachStdout: true, AttachStderr: true });
    const stream = await within(exec.start({ hijack, stdin: false }), 'exec start');
    say(`exec hijack=${hijack}`, (await within(gather(stream), 'exec output')).split('\n').sort());
    say('exit code', (await exec.inspect()).ExitCode);
  }
  const counting = await web.exec({ Cmd: ['wc', '-c'], AttachStdin: true, AttachStdout: true });
  const input = await within(counting.start({ hijack: true, stdin: true }), 'exec start with stdin');
  const counted = gather(input);
  input.write('1234567');
  input.end();
  say('exec stdin', await within(counted, 'exec stdin output'));

  await within(web.putArchive(archive({ 'note.txt': 'put there\n' }), { path: '/root' }), 'put archive');
  const taken = await within(web.getArchive({ path: '/root/note.txt' }), 'get archive');
  say('archive', (await within(gather(taken, false), 'archive stream')).includes('put there'));

  const logs = await within(web.logs({ follow: true, stdout: true }), 'logs');
  await within(new Promise((resolve) => logs.once('data', resolve)), 'first log line');
  logs.destroy();

  const events = await within(docker.getEvents({ filters: { type: ['volume'] } }), 'events');
  const seen = new Promise((resolve) => events.once('data', (part) => resolve(JSON.parse(part.toString()).Action)));
  await docker.createVolume({ Name: 'pool' });
  say('event', await within(seen, 'event'));
  events.destroy();
  await docker.getVolume('pool').remove();

  const build = await within(docker.buildImage(
    archive({ Dockerfile: `FROM ${image}\nCOPY note /note\nRUN cat /note\n`, note: 'built\n'.repeat(1000) }),
    { t: 'dockerode:1', networkmode: 'none' }), 'build');
  const steps = await within(new Promise((resolve, reject) => docker.modem.followProgress(build, (e, o) => (e ? reject(e) : resolve(o)))), 'build steps', 60000);
  say('build', steps.some((step) => (step.stream || '').includes('Successfully tagged dockerode:1')));
  await docker.getImage('dockerode:1').remove();

  say('stats', Object.keys(await within(web.stats({ stream: false }), 'stats')).includes('cpu_stats'));
  say('list', (await docker.listContainers()).map((c) => c.Names[0]));
  await within(web.kill(), 'kill');
  say('wait', await within(web.wait(), 'wait'));
  await web.remove();
  try { await web.inspect(); } catch (failure) { say('missing', failure.statusCode); }
}

main().then(() => process.exit(0), (failure) => { console.error(failure.message); process.exit(1); });
