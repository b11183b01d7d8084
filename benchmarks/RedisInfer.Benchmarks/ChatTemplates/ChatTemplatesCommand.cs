using System.CommandLine;
using RedisInfer.Tests.Support.ChatTemplates;

namespace RedisInfer.Benchmarks.ChatTemplates;

/// <summary>Compares what the library makes of chat templates with a reference.</summary>
internal static class ChatTemplatesCommand
{
    // Characters of both texts that are shown where they begin to differ.
    private const int ShownChars = 60;

    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--dir")
        {
            Description = "Folder with NAME.jinja, conversations.json and golden.json (default: the project's own).",
            DefaultValueFactory = _ => new DirectoryInfo(ChatTemplateFolder.Own),
        };
        var command = new Command("chat-templates", "Compares rendered chat templates with a reference.") { folder };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(folder)));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo folder)
    {
        IReadOnlyList<RenderedCase> cases;
        try
        {
            cases = ChatTemplateFolder.Render(folder.FullName);
        }
        catch (InvalidDataException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitStatus.WrongInput;
        }

        RenderedCase[] expected = [.. cases.Where(one => one.Expected is not null)];
        RenderedCase[] refused = [.. expected.Where(one => one.Text is null)];
        RenderedCase[] different = [.. expected.Where(one => one.Text is not null && one.Text != one.Expected)];
        foreach (RenderedCase one in refused)
        {
            Console.WriteLine($"refused: {one.Name}: {one.Error}");
        }

        foreach (RenderedCase one in different)
        {
            int at = one.Text.AsSpan().CommonPrefixLength(one.Expected);
            Console.WriteLine($"different: {one.Name}, from character {at}: {Shown(one.Text!, at)} instead of {Shown(one.Expected!, at)}");
        }

        var figures = new Figures();
        figures.Add("equal", expected.Length - refused.Length - different.Length);
        figures.Add("different", different.Length);
        figures.Add("refused", refused.Length);
        figures.Print();
        return 0;
    }

    private static string Shown(string text, int at) =>
        $"'{text.AsSpan(at, Math.Min(ShownChars, text.Length - at)).ToString().ReplaceLineEndings("\\n")}'";
}
