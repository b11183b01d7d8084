// A host of a cluster, in a process that tests can kill. Usage: ClusterHost SETTINGS, which are JSON.
using RedisInfer.Tests.ClusterHost;

await ClusterProgram.RunAsync(args[0]);
