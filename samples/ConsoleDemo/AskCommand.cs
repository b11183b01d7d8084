using RedisInfer;

namespace ConsoleDemo;

/// <summary>Answers one question.</summary>
internal static class AskCommand
{
    public static Task<int> RunAsync(DemoOptions options, string question, bool json) =>
        DemoRun.RunAsync(options, async (runtime, cancellationToken) =>
        {
            if (json)
            {
                RagAnswer answer = await runtime.Generator.GenerateAsync(options.Ask(question), cancellationToken);
                JsonLine.Write(JsonAnswer.From(answer), DemoJsonContext.Readable.JsonAnswer);
            }
            else
            {
                await AnswerView.ShowAsync(Terminal.Output, runtime.Generator, options.Ask(question), cancellationToken);
            }

            return 0;
        });
}
