using System.Text;
using MimeKit;
using RedisInfer.Tests.Support.Documents;

namespace RedisInfer.Tests.Documents;

public sealed class OtherFormatTests
{
    [Fact]
    public async Task EpubIsReadInTheOrderOfItsSpine()
    {
        byte[] epub = SampleDocuments.Of("epub");
        Assert.Equal(
            ["Heading1: First", $"Paragraph: {SampleDocuments.Sentence}", "Heading1: Last", "Paragraph: The end."], await Reading.BlocksAsync("a.epub", epub));
        Assert.Equal("Goods", (await Reading.ReadAsync("a.epub", epub)).Title);
    }

    [Fact]
    public async Task MailHasItsSubjectAsTitleAndItsAttachmentsAsSections()
    {
        var message = new MimeMessage
        {
            Subject = "Prices of März",
            Date = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero),
            Body = new BodyBuilder
            {
                TextBody = "Plain text.",
                HtmlBody = "<p>The <b>prices</b> are attached.</p>",
                Attachments = { { "prices.xlsx", SheetFixture.Write() }, { "note.txt", Encoding.UTF8.GetBytes("A note.\n\nIts end.") } },
            }.ToMessageBody(),
        };
        message.From.Add(new MailboxAddress("Ada", "ada@example.com"));
        message.To.Add(new MailboxAddress("Ben", "ben@example.com"));
        using var file = new MemoryStream();
        await message.WriteToAsync(file, TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "Paragraph: From: \"Ada\" <ada@example.com>\nTo: \"Ben\" <ben@example.com>\nDate: 2026-03-02 10:00\nSubject: Prices of März",
                "Paragraph: The prices are attached.", "Heading1: prices.xlsx", "Heading1: Prices", "Paragraph: Prices of 2026",
                "TableHeader: Ferry | Price | | Since", "TableRow: Alpha | 12.5 | | 2026-01-01", "Heading1: Docks", "TableHeader: North | TRUE",
                "Heading1: note.txt", "Paragraph: A note.", "Paragraph: Its end.",
            ],
            await Reading.BlocksAsync("a.eml", file.ToArray()));
        Assert.Equal("Prices of März", (await Reading.ReadAsync("a.eml", file.ToArray())).Title);
    }

    [Fact]
    public async Task AttachmentThatCannotBeReadCostsNoMail()
    {
        const string Mail = """
            From: ada@example.com
            Subject: Goods
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b

            The text.
            --b
            Content-Type: application/pdf; name=a.pdf
            Content-Disposition: attachment; filename=a.pdf

            %PDF-1.7 and nothing else
            --b--
            """;
        string[] blocks = await Reading.BlocksAsync("a.eml", Encoding.UTF8.GetBytes(Mail));
        Assert.Equal(["Paragraph: The text.", "Heading1: a.pdf", "Paragraph: (This attachment could not be read.)"], blocks[1..]);
    }

    [Fact]
    public async Task NotebookHasTextsCodeAndOutputs() =>
        Assert.Equal(
            [
                "Heading1: Goods", "Paragraph: Some text.", "ListItem: - an item", "TableHeader: a | b", "TableRow: 1 | 2", "Code: print(1)", "Code: 1",
                "Code: ValueError: no",
            ],
            await Reading.BlocksAsync("a.ipynb", Encoding.UTF8.GetBytes("""
                {"nbformat": 4, "cells": [
                  {"cell_type": "markdown", "source": ["# Goods\n", "Some text.\n", "- an item\n", "\n", "| a | b |\n", "|---|---|\n", "| 1 | 2 |"]},
                  {"cell_type": "code", "source": "print(1)", "outputs": [
                    {"output_type": "stream", "text": ["\u001b[31m1\u001b[0m\n"]},
                    {"output_type": "display_data", "data": {"image/png": "AAAA"}},
                    {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}]}]}
                """)));

    [Theory]
    [InlineData("pdf", "notes.txt")]
    [InlineData("docx", "notes.txt")]
    [InlineData("xlsx", "report.pdf")]
    [InlineData("pptx", "archive.zip")]
    [InlineData("epub", "book")]
    [InlineData("odt", "letter.docx")]
    public async Task FormatIsThatOfTheContentWhateverTheName(string format, string name) =>
        Assert.Contains(SampleDocuments.Sentence, (await Reading.ReadAsync(name, SampleDocuments.Of(format))).Text, StringComparison.Ordinal);
}
