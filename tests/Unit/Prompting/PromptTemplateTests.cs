using RedisInfer.Prompting;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Unit.Prompting;

public sealed class PromptTemplateTests
{
    private const string ThinkingTemplate = "{% if enable_thinking is defined and enable_thinking is false %}";

    [Fact]
    public void ModelThatCanThinkIsToldNotTo()
    {
        PromptTemplate template = PromptTemplate.Create(new TemplateModel(ThinkingTemplate), "s", enableThinking: false);

        Assert.EndsWith("<|im_start|>assistant\n<think>\n\n</think>\n\n", CharTokenizer.Read(template.Tail.Span));
    }

    [Theory]
    [InlineData(ThinkingTemplate, true)]
    [InlineData("{{ messages }}", false)]
    [InlineData(null, false)]
    public void ModelMayThinkWhereTheHostSaysSoAndIsLeftAloneWhereItCannot(string? chatTemplate, bool enableThinking)
    {
        PromptTemplate template = PromptTemplate.Create(new TemplateModel(chatTemplate), "s", enableThinking);

        Assert.EndsWith("<|im_start|>assistant\n", CharTokenizer.Read(template.Tail.Span));
    }
}
