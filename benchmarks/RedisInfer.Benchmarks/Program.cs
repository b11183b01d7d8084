using System.CommandLine;
using RedisInfer.Benchmarks.DemoModel;

return await new RootCommand("Measures RedisInfer. Each benchmark ends with lines of the form name=value.")
{
    DemoModelCommand.Create(),
}
.Parse(args)
.InvokeAsync();
