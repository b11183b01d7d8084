using System.Text.Json;
using RedisInfer.Templates;
using RedisInfer.Templates.Values;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.ChatTemplates;

namespace RedisInfer.Tests.Unit.Templates;

public sealed class ChatTemplateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 10, 30, 0, TimeSpan.Zero);

    /// <summary>Programs, and what Jinja 3.1.6 prints for each with the settings of transformers.</summary>
    [Fact]
    public void ProgramsPrintWhatJinjaPrints()
    {
        string file = Path.Combine(Repository.Root, "tests", "Unit", "Templates", "programs.json");
        using JsonDocument programs = JsonDocument.Parse(File.ReadAllText(file));
        KeyValuePair<string, object?>[] variables =
            [.. programs.RootElement.GetProperty("variables").EnumerateObject().Select(one => KeyValuePair.Create(one.Name, ChatTemplateFolder.ToValue(one.Value)))];

        Assert.All(programs.RootElement.GetProperty("programs").EnumerateArray(), program =>
        {
            string? expected = program.TryGetProperty("text", out JsonElement text) ? text.GetString() : null;
            (string? printed, string? error) = ChatTemplateFolder.TryRender(program.GetProperty("template").GetString()!, variables, Now);
            Assert.Equal(expected, printed ?? (expected is null ? null : error));
        });
    }

    [Fact]
    public void TemplatesOfModelFamiliesAreRenderedAsTheReferenceDoes()
    {
        IReadOnlyList<RenderedCase> cases = ChatTemplateFolder.Render(ChatTemplateFolder.Own);

        Assert.Equal(54, cases.Count);
        Assert.All(cases, one => Assert.Equal(one.Expected, one.Text ?? (one.Expected is null ? null : one.Error)));
    }

    [Theory]
    [InlineData("a\n{{ x.y }}", 2, "'x' is undefined")]
    [InlineData("{% if a %}\n\n{% endfor %}", 3, "unknown tag 'endfor'")]
    [InlineData("\n\n{{ 'a }}", 3, "not closed")]
    [InlineData("{{ raise_exception('Only user and assistant') }}", 1, "Only user and assistant")]
    [InlineData("{% include 'x' %}", 1, "another template")]
    public void ErrorNamesTheLine(string template, int line, string message)
    {
        TemplateException thrown = Assert.Throws<TemplateException>(() => Render(template));

        Assert.Equal(line, thrown.Line);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% for i in [[[]]] recursive %}{{ loop([i]) }}{% endfor %}")]
    [InlineData("{{ 'a' * 1000000000000 }}")]
    [InlineData("{{ [1] * 1000000000000 }}")]
    [InlineData("{{ range(1000000000000) }}")]
    [InlineData("{{ 9223372036854775807 + 1 }}")]
    [InlineData("{{ 99999999999999999999 }}")]
    [InlineData("{{ 2 ** 1000000000 }}")]
    [InlineData("{{ (-9223372036854775807 - 1) // -1 }}")]
    [InlineData("{{ '%1000000000d' % 1 }}")]
    [InlineData("{{ '{:1000000000}'.format(1) }}")]
    [InlineData("{{ 'a'|center(1000000000000) }}")]
    [InlineData("{{ [1]|tojson(indent=1000000000) }}")]
    [InlineData("{% set ns = namespace(a='x') %}{% for i in range(60) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}")]
    [InlineData("{% set ns = namespace(a='x') %}{% for i in range(100000) %}{% set ns.a = ns.a + 'x' %}{% endfor %}")]
    [InlineData("{% set ns = namespace(a=['x']) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% endfor %}{{ ns.a }}")]
    [InlineData("{% set ns = namespace(a=('x',)) %}{% for i in range(60) %}{% set ns.a = (ns.a, ns.a) %}{% endfor %}{{ {ns.a: 1} }}")]
    [InlineData("{% set ns = namespace(a=[]) %}{% for i in range(100000) %}{% set ns.a = [ns.a] %}{% endfor %}{{ ns.a|tojson }}")]
    [InlineData("{% set a = [1] %}{% set _ = a.append(a) %}{{ a == a and a|string }}")]
    [InlineData("{% set a = 'a' * 1000000 %}{% for i in range(100000) %}{% set x = 'b' in a %}{% endfor %}")]
    [InlineData("{% set a = 'a' * 1000000 %}{% for i in range(100000) %}{% set x = {a: 1} %}{% endfor %}")]
    public void StrangersProgramIsEnded(string template) => Assert.Throws<TemplateException>(() => Render(template));

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}")]
    [InlineData("{{ ", "[", "", "]", " }}")]
    [InlineData("{{ ", "{1:", "1", "}", " }}")]
    [InlineData("{{ ", "not ", "1", "", " }}")]
    [InlineData("{{ ", "-", "1", "", " }}")]
    [InlineData("{{ ", "1 if 0 else ", "1", "", " }}")]
    [InlineData("{{ ''", "|upper", "", "", " }}")]
    [InlineData("{{ a", ".b", "", "", " }}")]
    [InlineData("{{ 1", " + 1", "", "", " }}")]
    [InlineData("", "{% if 1 %}", "", "{% endif %}", "")]
    [InlineData("", "{% set x %}", "", "{% endset %}", "")]
    [InlineData("{% set ", "(", "a", ")", " = 1 %}")]
    public void DeepNestingIsAnErrorAndNotTheEndOfTheProcess(string begin, string open, string inner, string close, string end)
    {
        string template = begin + Repeat(open) + inner + Repeat(close) + end;

        Assert.Contains("nested too deeply", Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);

        static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, 20_000));
    }

    [Fact]
    public void TemplateThatIsTooLongIsRefused() =>
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse(new string('x', ChatTemplate.MaxChars + 1)));

    [Fact]
    public void DateIsAskedForOnlyByATemplateThatPrintsIt()
    {
        Assert.Equal("x", ChatTemplate.Parse("x{% if false %}{{ strftime_now('%Y') }}{% endif %}").Render([], () => throw new InvalidOperationException()));
        Assert.Equal("2026-11-26", Render("{{ strftime_now('%Y-%m-%d') }}"));
    }

    private static string Render(string template) => ChatTemplate.Parse(template).Render([], () => Now);
}
