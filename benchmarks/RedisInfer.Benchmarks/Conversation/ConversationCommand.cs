using System.CommandLine;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Conversation;

/// <summary>Measures conversations: what is found for a follow-up, and how soon its answer begins.</summary>
internal static class ConversationCommand
{
    public static Command Create()
    {
        var wordsOnly = new Option<bool>("--words-only") { Description = "Search by words only." };
        var searchOnly = new Option<bool>("--search-only") { Description = "Leave out the time to first token." };
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => 1 };
        var verbose = new Option<bool>("--verbose") { Description = "Print every follow-up whose answer is not found." };
        var command = new Command("conversation", "Measures follow-ups: what is found, and the time to first token.")
        {
            wordsOnly, searchOnly, threads, verbose,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await Machine.DescribeAsync(cancellationToken);
            IReadOnlyList<Dialogue> dialogues = Dialogue.ReadAll();
            var search = new FollowUpRun(parsed.GetValue(wordsOnly) ? null : MiniLm.Path, parsed.GetValue(verbose));
            IReadOnlyList<string> found = await search.MeasureAsync(dialogues, cancellationToken);
            var figures = new Figures();
            if (!parsed.GetValue(searchOnly))
            {
                string model = LargeQwen3.GetOrCreate(Qwen3Shape.Qwen3_0_6B, GgufTensorType.Q8_0);
                var turns = new SecondTurnRun(model, parsed.GetValue(threads));
                figures.Add("second_turn_ttft_over_first", await turns.MeasureAsync(dialogues, cancellationToken));
            }

            foreach (string figure in found)
            {
                Console.WriteLine(figure);
            }

            figures.Print();
            return 0;
        });
        return command;
    }
}
