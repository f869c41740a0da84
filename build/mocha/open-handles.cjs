const graceMs = 60_000;

/**
 * Gives the process of a finished test run a minute to end by itself, which it does when no test left anything open.
 * After that it tells what is open (sockets with their addresses, children with their commands, kinds of the others) and
 * ends the process with the code that the tests earned: what the tests found counts, not what they left behind.
 */
exports.endOrTellWhatIsOpen = (tell) => {
  setTimeout(() => {
    tell(
      ['The tests have ended, but these keep their process alive:', ...openHandles().map((line) => `  ${line}`)].join(
        '\n',
      ),
    );
    process.exit();
  }, graceMs).unref();
};

function openHandles() {
  const handles = process._getActiveHandles().map(describe);
  const others = process.getActiveResourcesInfo().filter((kind) => !handles.some((line) => line.startsWith(kind)));
  return [...handles, ...others].sort();
}

function describe(handle) {
  const kind = handle.constructor?.name ?? 'unknown';
  if (Array.isArray(handle.spawnargs)) return `${kind} ${handle.pid}: ${handle.spawnargs.join(' ')}`;
  if (kind === 'Server') return `${kind} on ${JSON.stringify(handle.address?.())}`;
  if (kind.endsWith('Socket')) {
    const ends = [handle.localAddress, handle.localPort, '->', handle.remoteAddress, handle.remotePort, handle._host];
    return `${kind} fd ${handle._handle?.fd}: ${ends.filter((part) => part !== undefined).join(' ')}`;
  }
  return kind;
}
