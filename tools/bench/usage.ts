/** What the process of a worker has used, as calls of a child. */
export const usage = {
  /** The processor time of this process until now, in milliseconds. */
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },

  /** The memory of this process, in bytes. */
  memory(): number {
    return process.memoryUsage.rss();
  },
};
