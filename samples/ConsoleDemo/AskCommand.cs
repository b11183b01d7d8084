using System.Text.Json;
using RedisInfer;

namespace ConsoleDemo;

/// <summary>Answers one question.</summary>
internal static class AskCommand
{
    public static Task<int> RunAsync(DemoOptions options, string question, bool json) =>
        DemoRun.RunAsync(options, async (rag, cancellationToken) =>
        {
            if (json)
            {
                RagAnswer answer = await rag.GenerateAsync(new RagRequest(question), cancellationToken);
                Console.Out.WriteLine(JsonSerializer.Serialize(JsonAnswer.From(answer), JsonAnswerContext.Default.JsonAnswer));
            }
            else
            {
                await AnswerView.ShowAsync(Terminal.Output, rag, question, cancellationToken);
            }

            return 0;
        });
}
