using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Prompting;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Property.Prompting;

public sealed class PromptProperties
{
    private static readonly CharTokenizer Tokenizer = new();

    private static readonly PromptBuilder Builder =
        PromptBuilder.Create(new TemplateModel(), contextSize: 1 << 16, "Be brief.", enableThinking: false, TimeProvider.System);

    /// <summary>Texts of signs that a forged line is made of, and of what may hide it.</summary>
    private static Gen<string> Texts { get; } = Gen.Elements(
        "[", "]", "1", "2", "10", "[1]", "[1] a.md", "Question", ":", "Question:", "question: ", " ", "\n", "\r\n", "\r", "\t", "\v", "\f",
        "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u00a0", "\u3000", "\u0301",
        "\uff3b", "\uff3d", "\uff11", "\uff1a", "\u3010", "\u3011", "\u0661", "\u2460", "\\", "\\\n", "text", "\ud83d\ude00", "\ud83d")
        .ListOf().Select(parts => string.Concat(parts));

    private static Gen<(string[] Paths, string[] Bodies, string Question)> Inputs { get; } =
        from count in Gen.Choose(1, 4)
        from paths in Texts.ArrayOf(count)
        from bodies in Texts.ArrayOf(count)
        from question in Texts
        select (paths, bodies, question);

    [Fact]
    public void APromptHasOneHeadingForEachPassageAndOneQuestion() => Prop.ForAll(Inputs.ToArbitrary(), input =>
        {
            Passage[] passages =
            [
                .. input.Paths.Zip(input.Bodies, (path, body) =>
                    new Passage(path, 0, 1, 1, 1, body, PassageFormat.TokenizeChunk(Tokenizer, "", body))),
            ];
            Prompt prompt = Builder.Build(input.Question, passages, answerTokens: 64);
            string text = CharTokenizer.Read(prompt.Tokens);
            return Prompts.CountHeadings(text) == passages.Length && Prompts.CountQuestions(text) == 1;
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
