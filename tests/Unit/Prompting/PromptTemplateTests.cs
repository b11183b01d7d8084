using Microsoft.Extensions.Time.Testing;
using RedisInfer.Errors;
using RedisInfer.Prompting;
using RedisInfer.Tests.Support.ChatTemplates;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Unit.Prompting;

public sealed class PromptTemplateTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    [Theory]
    [InlineData(false, "<|im_start|>assistant\n<think>\n\n</think>\n\n")]
    [InlineData(true, "<|im_start|>assistant\n")]
    public void TemplateSaysHowAModelIsToldNotToThink(bool enableThinking, string end)
    {
        PromptTemplate template = Create("thinking-switch", enableThinking);

        Assert.EndsWith(end, CharTokenizer.Read(template.Tail.Span));
        Assert.Null(template.OpenThought);
    }

    [Fact]
    public void ThoughtThatATemplateOpensIsKnown() =>
        Assert.Equal("<think>", Create("thought-opened", enableThinking: false).OpenThought?.Open);

    [Fact]
    public void ModelWithoutATemplateIsRenderedByItsEngine() =>
        Assert.Equal(
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nContext:\n\n",
            CharTokenizer.Read(Create(new TemplateModel(), "Be brief.", false, Today).Head.Span));

    [Theory]
    [InlineData("no-system")]
    [InlineData("{% for m in messages if m.role != 'system' %}<user>{{ m.content }}</user>{% endfor %}")]
    public void InstructionsGoIntoTheUsersTurnIfThereIsNoSystemTurn(string template) =>
        Assert.Contains("Be brief.\n\nContext:\n\n", CharTokenizer.Read(Create(template, false).Head.Span), StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ messages }", "Line 1")]
    [InlineData("\n{{ messages.x.y }}", "Line 2")]
    [InlineData("{{ raise_exception('no') }}", "no")]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", "too many steps")]
    [InlineData("nothing of the conversation", "0 times")]
    [InlineData("{{ messages[-1].content }}{{ messages[-1].content }}", "2 times")]
    [InlineData("{{ messages[-1].content|tojson }}", "changes its text")]
    [InlineData("{{ messages[-1].content|upper }}", "changes its text")]
    public void TemplateThatCannotBeUsedIsRefused(string template, string reason)
    {
        RedisInferException thrown = Assert.Throws<RedisInferException>(() => Create(template, false));

        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ bos_token }}{{ messages[-1].content }}")]
    [InlineData("{{ messages[-1].content }}")]
    public void BeginningOfTextIsThereOnce(string source)
    {
        var model = new TemplateModel(source, beginOfText: "^");

        string head = CharTokenizer.Read(Create(model, "", false, Today).Head.Span);

        Assert.Equal("^Context:\n\n", head);
    }

    [Fact]
    public void DateChangesThePrefixOnceADay()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.Zero));
        var dated = new DailyTemplate((_, day) => Create("dated-headers", false, day), time);
        var plain = new DailyTemplate((_, day) => Create("chatml", false, day), time);
        (PromptTemplate first, PromptTemplate same) = (dated.Get(default), plain.Get(default));

        time.Advance(TimeSpan.FromHours(15));
        Assert.Same(first, dated.Get(default));
        time.Advance(TimeSpan.FromHours(2));

        Assert.Contains("Today: 26 Nov 2026", CharTokenizer.Read(first.Head.Span), StringComparison.Ordinal);
        Assert.Contains("Today: 27 Nov 2026", CharTokenizer.Read(dated.Get(default).Head.Span), StringComparison.Ordinal);
        Assert.Same(same, plain.Get(default));
    }

    private static PromptTemplate Create(string template, bool enableThinking) => Create(template, enableThinking, Today);

    private static PromptTemplate Create(string template, bool enableThinking, DateOnly day)
    {
        string file = Path.Combine(ChatTemplateFolder.Own, template + ".jinja");
        return Create(new TemplateModel(File.Exists(file) ? File.ReadAllText(file) : template), "Be brief.", enableThinking, day);
    }

    private static PromptTemplate Create(TemplateModel model, string systemPrompt, bool enableThinking, DateOnly day) =>
        PromptTemplate.Create(ConversationRenderer.Of(model), model.Tokenizer, systemPrompt, enableThinking, day);
}
