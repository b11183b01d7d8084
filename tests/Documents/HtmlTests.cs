using System.Text;

namespace RedisInfer.Tests.Documents;

public sealed class HtmlTests
{
    [Fact]
    public async Task MenusScriptsAndFootersAreLeftOut()
    {
        const string Page = """
            <html><head><title>Ferries</title><style>p { color: red }</style></head><body>
            <header><div class="logo">Harbour site</div><nav><a href="/">Home</a> <a href="/a">About</a></nav></header>
            <div class="sidebar"><a href="/x">Other page</a></div>
            <div id="content"><h1>Ferries<a class="headerlink" href="#">¶</a></h1><p>Ferries leave <b>every</b> hour.</p>
            <script>alert("no text")</script><p hidden>Not shown.</p></div>
            <footer>Copyright</footer></body></html>
            """;
        Assert.Equal(["Heading1: Ferries", "Paragraph: Ferries leave every hour."], await BlocksAsync(Page));
        Assert.Equal("Ferries", (await Reading.ReadAsync("a.html", Encoding.UTF8.GetBytes(Page))).Title);
    }

    [Fact]
    public async Task MenuOfLinksBeforeTheTextIsLeftOutAndLinksInTheTextStay() =>
        Assert.Equal(
            ["Heading1: Docks", "Paragraph: See the list.", "ListItem: - North", "ListItem: - South", "ListItem: - West"],
            await BlocksAsync("""
                <body><ul><li><a href=a>Home</a><li><a href=b>News</a><li><a href=c>Contact</a></ul>
                <h1>Docks</h1><p>See <a href=l>the list</a>.</p><ul><li><a href=1>North</a><li><a href=2>South</a><li><a href=3>West</a></ul></body>
                """));

    [Fact]
    public async Task TablesHaveHeadersAndAlignedCells() =>
        Assert.Equal(
            [
                "Paragraph: Prices of 2026", "TableHeader: Ferry | Price | Price of a car", "TableRow: Alpha | 12 | 40", "TableRow: Alpha | 13",
                "TableRow: Beta | | 41",
            ],
            await BlocksAsync("""
                <table><caption>Prices of 2026</caption><thead><tr><th>Ferry<th>Price<th>Price <i>of a car</i></thead>
                <tr><td rowspan=2>Alpha<td>12<td>40</tr><tr><td>13</tr><tr><td colspan=2>Beta<td>41</table>
                """));

    [Fact]
    public async Task LayoutTablesAreReadCellByCell() =>
        Assert.Equal(
            ["Heading2: Left", "Paragraph: One text.", "Paragraph: Another text."],
            await BlocksAsync("<table><tr><td><h2>Left</h2><p>One text.</p></td><td>Another text.</td></tr></table>"));

    [Fact]
    public async Task CodeKeepsItsLines() =>
        Assert.Equal(["Code: if x:\n    go()"], await BlocksAsync("<pre><code>if x:\n    <span>go</span>()\n</code></pre>"));

    [Fact]
    public async Task ListsHaveTheirMarksAndLevels() =>
        Assert.Equal(
            ["Paragraph: Do this:", "ListItem: 1. First", "ListItem: - Nested", "ListItem: 2. Second", "ListItem: - term: its meaning"],
            await BlocksAsync("<p>Do this:<ol><li>First<ul><li>Nested</ul><li>Second</ol><dl><dt>term<dd>its meaning</dl>"));

    [Theory]
    [InlineData("<meta charset=windows-1252>", 1252, "windows-1252")]
    [InlineData("<meta http-equiv=Content-Type content='text/html; charset=iso-8859-1'>", 1252, "windows-1252")]
    [InlineData("<meta charset=koi8-r>", 20866, "koi8-r")]
    [InlineData("", 65001, "utf-8")]
    [InlineData("", 1252, "windows-1252")]
    public async Task EncodingIsTheDeclaredOneOrUtf8OrThatOfBrowsers(string declaration, int codePage, string name)
    {
        string word = codePage == 20866 ? "Паром" : "Fähre";
        byte[] page = CodePagesEncodingProvider.Instance.GetEncoding(codePage) is { } encoding
            ? encoding.GetBytes($"<html><head>{declaration}</head><body><p>{word}</p></body></html>")
            : Encoding.UTF8.GetBytes($"<html><head>{declaration}</head><body><p>{word}</p></body></html>");
        Assert.Equal(word, (await Reading.ReadAsync("a.html", page)).Text);
        Assert.Equal(name, (await Reading.ReadAsync("a.html", page)).Encoding);
    }

    private static Task<string[]> BlocksAsync(string html) => Reading.BlocksAsync("a.html", Encoding.UTF8.GetBytes(html));
}
