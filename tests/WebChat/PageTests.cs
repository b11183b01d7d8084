using Microsoft.Playwright;
using RedisInfer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace RedisInfer.Tests.WebChat;

/// <summary>The page in a real browser. Pictures of it are kept in <c>artifacts/screenshots</c>.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Backups = "How long are backups of the orders database kept?";

    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 60_000 };

    [Theory]
    [InlineData("desktop-light", 1100, 800, ColorScheme.Light)]
    [InlineData("phone-dark", 390, 844, ColorScheme.Dark)]
    public async Task QuestionIsAnsweredAndItsCitationOpensThePassage(string picture, int width, int height, ColorScheme scheme)
    {
        await using ChatProcess server = await ChatProcess.StartAsync();
        IPage page = await browser.OpenAsync(server.Address, width, height, scheme);
        await ExpectIndexedAsync(page, 22);
        await SaveAsync(page, $"{picture}-start");

        await AskByKeyboardAsync(page, Backups);

        ILocator turn = page.Locator(".turn");
        await Expect(turn.Locator(".figures")).ToBeVisibleAsync(Patient);
        await Expect(turn.Locator(".answer")).ToContainTextAsync("35 days");
        await Expect(turn.Locator(".legend")).ToContainTextAsync("decode");
        await Expect(turn.Locator(".legend")).ToContainTextAsync("tokens of the prompt were reused");
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        await SaveAsync(page, $"{picture}-answer");

        await turn.Locator(".cite").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        ILocator passage = page.GetByRole(AriaRole.Dialog);
        await Expect(passage).ToContainTextAsync("engineering/backups.md");
        await Expect(passage.Locator("li", new() { HasText = "35 days" }).Locator("span")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9]+$"));
        await SaveAsync(page, $"{picture}-passage");
        await page.Keyboard.PressAsync("Escape");
        await Expect(passage).ToBeHiddenAsync();
    }

    [Fact]
    public async Task LinesOfAPassageHaveTheNumbersOfTheFile()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["lamp.md"], "# Lamps\n\nThe first line.\n\nThe lamp of the north pier is green.\n");
        await using ChatProcess server = await ChatProcess.StartAsync("--docs", folder.Path);
        IPage page = await browser.OpenAsync(server.Address);
        await ExpectIndexedAsync(page, 1);

        await AskByKeyboardAsync(page, "Which color has the lamp of the north pier?");
        await Expect(page.Locator(".figures")).ToBeVisibleAsync(Patient);
        await page.Locator(".sources button").First.ClickAsync();

        string[] file = await File.ReadAllLinesAsync(folder["lamp.md"], TestContext.Current.CancellationToken);
        IReadOnlyList<string> numbers = await page.Locator("#passageLines span").AllTextContentsAsync();
        IReadOnlyList<string> lines = await page.Locator("#passageLines div").AllTextContentsAsync();
        Assert.NotEmpty(lines);
        Assert.Equal(numbers.Select(number => file[int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) - 1]), lines);
    }

    [Fact]
    public async Task DroppedFileIsIndexedAndAnswersAQuestion()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["harbor rules.md"], "# Zeppelins\n\nThe zeppelin mast of the harbor is 71 meters high.\n");
        await using ChatProcess server = await ChatProcess.StartAsync();
        IPage page = await browser.OpenAsync(server.Address);
        await ExpectIndexedAsync(page, 22);

        await page.SetInputFilesAsync("#files", folder["harbor rules.md"]);
        await ExpectIndexedAsync(page, 23);
        await AskByKeyboardAsync(page, "How high is the zeppelin mast of the harbor?");

        await Expect(page.Locator(".figures")).ToBeVisibleAsync(Patient);
        await Expect(page.Locator(".sources")).ToContainTextAsync("dropped/harbor rules.md");
    }

    [Fact]
    public async Task FollowUpReusesTheTurnBeforeAndANewConversationDoesNot()
    {
        await using ChatProcess server = await ChatProcess.StartAsync();
        IPage page = await browser.OpenAsync(server.Address);
        await ExpectIndexedAsync(page, 22);

        await AskByKeyboardAsync(page, Backups);
        await Expect(page.Locator(".figures")).ToBeVisibleAsync(Patient);
        await AskByKeyboardAsync(page, "And who may restore one?");
        ILocator second = page.Locator(".turn").Nth(1);
        await Expect(second.Locator(".figures")).ToBeVisibleAsync(Patient);

        await Expect(second.Locator(".legend")).Not.ToContainTextAsync(" 0 of ");
        await Expect(second.Locator(".legend")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("[1-9][0-9]+ of [0-9]+ tokens"));
        await SaveAsync(page, "desktop-light-follow-up");
        await page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();
        await Expect(page.Locator(".turn")).ToHaveCountAsync(0);
        await Expect(page.Locator("#welcome")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task AnswerCanBeStoppedByKeyboardAndTheNextOneCompletes()
    {
        await using ChatProcess server = await ChatProcess.StartAsync();
        IPage page = await browser.OpenAsync(server.Address);
        await ExpectIndexedAsync(page, 22);

        await AskByKeyboardAsync(page, "Who may restore a backup, and how?");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".turn.done")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await AskByKeyboardAsync(page, Backups);

        await Expect(page.Locator(".turn").Nth(1).Locator(".answer")).ToContainTextAsync("35 days", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task TextOfADocumentIsNoCodeOfThePage()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["evil.md"], "The lamp <img src=x onerror=\"document.title='owned'\"> <script>document.title='owned'</script> is green.\n");
        await using ChatProcess server = await ChatProcess.StartAsync("--docs", folder.Path);
        IPage page = await browser.OpenAsync(server.Address);
        await ExpectIndexedAsync(page, 1);

        await AskByKeyboardAsync(page, "<b>lamp</b> green?");
        await Expect(page.Locator(".turn.done")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await page.Locator(".sources button").First.ClickAsync();

        await Expect(page.Locator("#passageLines")).ToContainTextAsync("<script>");
        Assert.Equal(0, await page.Locator("#log img, #log b, #passage img, #passage script").CountAsync());
        Assert.DoesNotContain("owned", await page.TitleAsync(), StringComparison.Ordinal);
    }

    private static async Task AskByKeyboardAsync(IPage page, string question)
    {
        await Expect(page.Locator("#question")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(question);
        await page.Keyboard.PressAsync("Enter");
    }

    private static Task ExpectIndexedAsync(IPage page, int documents) =>
        Expect(page.Locator("#status")).ToContainTextAsync(documents == 1 ? "1 document," : $"{documents} documents,", new() { Timeout = 60_000 });

    private static Task SaveAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "screenshots", $"{name}.png") });
}
