using RedisInfer;

namespace ConsoleDemo;

/// <summary>Shows which passages questions find. The answering model is not loaded, only its tokenizer.</summary>
internal static class SearchCommand
{
    public static Task<int> RunAsync(DemoOptions options, string question, bool json) =>
        DemoRun.RunAsync(options, async (runtime, cancellationToken) =>
        {
            IReadOnlyList<RagPassage> passages = await runtime.Index.SearchAsync(options.Ask(question), cancellationToken);
            if (json)
            {
                Write(question, passages);
            }
            else
            {
                PassageView.Show(Terminal.Output, passages);
            }

            return 0;
        }, loadsModel: false);

    /// <summary>Prints one JSON line a question.</summary>
    public static Task<int> RunAllAsync(DemoOptions options, string questionFile) =>
        DemoRun.WithQuestionsAsync(questionFile, questions => DemoRun.RunAsync(options, async (runtime, cancellationToken) =>
        {
            foreach (AskedQuestion asked in questions)
            {
                Write(asked.Question, await runtime.Index.SearchAsync(options.Ask(asked.Question), cancellationToken));
            }

            return 0;
        }, loadsModel: false));

    private static void Write(string question, IReadOnlyList<RagPassage> passages) =>
        JsonLine.Write(JsonSearch.From(question, passages), DemoJsonContext.Readable.JsonSearch);
}
