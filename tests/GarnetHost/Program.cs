// A host of an embedded Garnet that tests can kill: GarnetHost [FOLDER], in memory without one. Every line of standard input is a
// command, its words separated by spaces; every reply is a line of standard output. Ends well at the end of the input.
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
