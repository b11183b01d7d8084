using System.CommandLine;
using System.CommandLine.Invocation;
using RedisInfer.Benchmarks;
using RedisInfer.Benchmarks.Chaos;
using RedisInfer.Benchmarks.ChatTemplates;
using RedisInfer.Benchmarks.Check;
using RedisInfer.Benchmarks.ContextLoad;
using RedisInfer.Benchmarks.Conversation;
using RedisInfer.Benchmarks.DemoModel;
using RedisInfer.Benchmarks.Drafts;
using RedisInfer.Benchmarks.Embedding;
using RedisInfer.Benchmarks.Formats;
using RedisInfer.Benchmarks.Hostile;
using RedisInfer.Benchmarks.Hosts;
using RedisInfer.Benchmarks.Load;
using RedisInfer.Benchmarks.Peers;
using RedisInfer.Benchmarks.Quality;
using RedisInfer.Benchmarks.Retrieval;
using RedisInfer.Benchmarks.Soak;
using RedisInfer.Benchmarks.Starved;
using RedisInfer.Benchmarks.Steady;
using RedisInfer.Benchmarks.Throughput;
using RedisInfer.Benchmarks.Traces;
using RedisInfer.Benchmarks.Traffic;
using RedisInfer.Benchmarks.Ttft;
using RedisInfer.Benchmarks.Typed;

var root = new RootCommand("Measures RedisInfer. Each benchmark ends with lines of the form name=value.")
{
    ChaosCommand.Create(),
    ChatTemplatesCommand.Create(),
    ChildCommand.Create(),
    ContextLoadCommand.Create(),
    ConversationCommand.Create(),
    DemoModelCommand.Create(),
    DraftsCommand.Create(),
    EmbeddingCommand.Create(),
    FormatsCommand.Create(),
    ThroughputCommand.Create(),
    ThreadsCommand.Create(),
    StepsCommand.Create(),
    LoadCommand.Create(),
    PeersCommand.Create(),
    SteadyCommand.Create(),
    SoakCommand.Create(),
    HostileCommand.Create(),
    HostsCommand.Create(),
    StarvedCommand.Create(),
    RetrievalCommand.Create(),
    QualityCommand.Create(),
    TraceCommand.Create(),
    TrafficCommand.Create(),
    TtftCommand.Create(),
    TypedCommand.Create(),
};
root.Add(CheckCommand.Create(root));

ParseResult parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction)
{
    await Console.Error.WriteLineAsync($"{string.Join(' ', parsed.Errors.Select(error => error.Message))} Add --help to see the usage.");
    return ExitStatus.WrongInput;
}

return await parsed.InvokeAsync();
