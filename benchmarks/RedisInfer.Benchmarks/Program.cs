using System.CommandLine;
using RedisInfer.Benchmarks.ContextLoad;
using RedisInfer.Benchmarks.DemoModel;
using RedisInfer.Benchmarks.Quality;
using RedisInfer.Benchmarks.Retrieval;
using RedisInfer.Benchmarks.Soak;
using RedisInfer.Benchmarks.Throughput;
using RedisInfer.Benchmarks.Ttft;

return await new RootCommand("Measures RedisInfer. Each benchmark ends with lines of the form name=value.")
{
    ContextLoadCommand.Create(),
    DemoModelCommand.Create(),
    ThroughputCommand.Create(),
    ThreadsCommand.Create(),
    StepsCommand.Create(),
    SoakCommand.Create(),
    RetrievalCommand.Create(),
    QualityCommand.Create(),
    TtftCommand.Create(),
}
.Parse(args)
.InvokeAsync();
