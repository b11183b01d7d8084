using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.DemoModel;

namespace RedisInfer.Tests.Integration.DemoModel;

/// <summary>The demo model is trained on prompts that its recipe writes. They are the library's, token for token.</summary>
public sealed class TrainingPromptTests
{
    private static readonly string Recipe = Path.Combine(Repository.Root, "models", "demo", "training");
    private static readonly string Prompts = Path.Combine(Recipe, "prompts.jsonl");

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheLibraryMakesThePromptsOfTheRecipe()
    {
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(
            new ModelOptions { Path = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf") }, null, TestEnds);
        IReadOnlyList<GeneratedCase> cases = await GeneratedCase.ReadAsync(Prompts, TestEnds);

        Assert.All(cases, one => Assert.Equal(one.Prompt, one.BuildPrompt(model, answerTokens: 128)));

        // The forms that a prompt may have are all among them.
        Assert.Contains(cases, one => one.Turns.Count == 0);
        Assert.Contains(cases, one => one.Turns.Count > 1);
        Assert.Contains(cases, one => one.Turns.Any(turn => turn.Passages == one.Passages.Count));
        Assert.Contains(cases, one => one.Turns.Any(turn => turn.Passages < one.Passages.Count));
        Assert.Contains(cases, one => one.Passages.Any(passage => passage.Trail.Contains(" > ", StringComparison.Ordinal)));
        Assert.Contains(cases, one => Spell(one.Prompt!).Contains("\n\\Question:", StringComparison.Ordinal));
        Assert.Contains(cases, one => Spell(one.Prompt!).Contains("\n\\[", StringComparison.Ordinal));

        string Spell(int[] tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(token => model.Tokenizer.GetBytes(token).ToArray())]);
    }

    [Fact]
    public async Task TheFileOfPromptsIsWhatTheRecipeWrites()
    {
        using var folder = new TempFolder();
        string output = folder["prompts.jsonl"];
        try
        {
            using Process process = Process.Start("python3", [Path.Combine(Recipe, "prompts.py"), "--out", output]);
            await process.WaitForExitAsync(TestEnds);
            Assert.Equal(0, process.ExitCode);
        }
        catch (Win32Exception)
        {
            Skipping.Because("python3 is not on the PATH.");
        }

        Assert.Equal(await File.ReadAllTextAsync(Prompts, TestEnds), await File.ReadAllTextAsync(output, TestEnds));
    }
}
