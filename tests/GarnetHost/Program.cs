// Hosts an embedded Garnet in a process that tests can kill. Usage: GarnetHost [FOLDER]. Without a folder, Garnet runs in memory.
// Each line of standard input is one command, with its words separated by spaces. Each reply is one line of standard output.
// The process shuts down cleanly at the end of the input.
using RedisInfer.Garnet;
using StackExchange.Redis;

var options = args.Length > 0 ? new GarnetOptions { DataDirectory = args[0] } : new GarnetOptions { InMemory = true };
await using var server = new EmbeddedGarnetServer(options);
try
{
    var database = (await server.ConnectAsync()).GetDatabase();
    Console.WriteLine("ready");
    while (await Console.In.ReadLineAsync() is { } line)
    {
        var words = line.Split(' ');
        var reply = await database.ExecuteAsync(words[0], words[1..]);
        Console.WriteLine(reply.Length >= 0 ? string.Join(' ', (RedisResult[])reply!) : (string?)reply);
    }

    return 0;
}
catch (Exception e)
{
    Console.WriteLine($"failed: {e.GetType().Name}: {e.Message}");
    return 1;
}
