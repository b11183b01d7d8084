using MimeKit;
using RedisInfer.Documents.Html;

namespace RedisInfer.Documents;

/// <summary>E-mail: sender, receivers, date and text, and the attachments that can be read. The subject is the title.</summary>
internal sealed class MailFormat : IDocumentFormat
{
    // A message in a message in a message is rare; MimeKit's own limit would be 1,024.
    private const int MaxNesting = 32;

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["message/rfc822"];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        var options = new ParserOptions { MaxMimeDepth = Math.Min(MaxNesting, budget.Depth) };
        using var stream = new WatchedStream(document, budget);
        using MimeMessage message = MimeMessage.Load(options, stream, persistent: false, budget.Token);
        if (message.From.Count == 0 && message.To.Count == 0 && string.IsNullOrEmpty(message.Subject))
            throw new SkippedDocumentException("It is no e-mail message: it has no sender, no receiver and no subject.");
        WriteMessage(message, output, budget, nesting: 0);
    }

    private static void WriteMessage(MimeMessage message, StructuredText output, ReadingBudget budget, int nesting)
    {
        string subject = OneLine.Of(message.Subject ?? "");
        if (nesting > 0 && subject.Length > 0)
            output.Add(DocumentBlockKind.Heading, subject, level: 1);
        else if (subject.Length > 0)
            output.Title ??= subject;
        string[] heads =
        [
            Head("From", message.From), Head("To", message.To), Head("Cc", message.Cc),
            message.Date == default ? "" : FormattableString.Invariant($"Date: {message.Date:yyyy-MM-dd HH:mm}"),
            nesting == 0 && subject.Length > 0 ? "Subject: " + subject : "",
        ];
        output.AddText(string.Join('\n', heads.Where(head => head.Length > 0)));
        if (message.Body is { } body)
            WritePart(body, output, budget, nesting);
    }

    private static string Head(string name, InternetAddressList addresses) =>
        addresses.Count == 0 ? "" : $"{name}: {OneLine.Of(addresses.ToString(encode: false))}";

    private static void WritePart(MimeEntity entity, StructuredText output, ReadingBudget budget, int nesting)
    {
        budget.Check();
        budget.CheckDepth(nesting);
        if (nesting > MaxNesting)
            throw budget.TooDeep();
        switch (entity)
        {
            case MultipartAlternative alternative:
                if (Best(alternative) is { } best)
                    WritePart(best, output, budget, nesting + 1);
                break;
            case Multipart multipart when multipart.ContentType.MimeType is "multipart/encrypted":
            case MimePart part when part.ContentType.MimeType is "application/pkcs7-mime" or "application/x-pkcs7-mime":
                throw new SkippedDocumentException("It is encrypted. Save the decrypted message.");
            case Multipart parts:
                foreach (MimeEntity child in parts)
                    WritePart(child, output, budget, nesting + 1);
                break;
            case MessagePart { Message: { } message }:
                WriteMessage(message, output, budget, nesting + 1);
                break;
            case TextPart { IsAttachment: false } text:
                WriteText(text, output, budget);
                break;
            case MimePart { Content: not null } attachment:
                WriteAttachment(attachment, output, budget);
                break;
        }
    }

    /// <summary>The last alternative is the richest. HTML has the structure, so it comes before other text.</summary>
    private static MimeEntity? Best(MultipartAlternative alternative) =>
        alternative.LastOrDefault(part => part is Multipart || part is TextPart { IsHtml: true })
        ?? alternative.LastOrDefault(part => part is TextPart { IsPlain: true })
        ?? alternative.LastOrDefault();

    private static void WriteText(TextPart text, StructuredText output, ReadingBudget budget)
    {
        if (text.IsHtml)
            HtmlFormat.Write(text.Text, output, budget, page: null);
        else if (text.ContentType.MimeType is "text/plain" or "text/markdown")
            output.AddText(text.Text);
    }

    private static void WriteAttachment(MimePart attachment, StructuredText output, ReadingBudget budget)
    {
        string name = OneLine.Of(attachment.FileName ?? "");
        using var content = new MemoryStream();
        attachment.Content!.DecodeTo(content, budget.Token);
        if (name.Length > 0)
            output.Add(DocumentBlockKind.Heading, name, level: 1);
        if (attachment is TextPart { IsHtml: false } text)
        {
            output.AddText(text.Text);
            return;
        }

        if (DocumentFormats.Find(RedisInfer.MediaTypes.Of(name, content)) is { } format)
            TryRead(format, content.ToArray(), output, budget);
    }

    // One attachment that cannot be read does not cost the message. What exceeds the limits costs all of it.
    private static void TryRead(IDocumentFormat format, byte[] bytes, StructuredText output, ReadingBudget budget)
    {
        try
        {
            format.Read(bytes, output, budget);
        }
        catch (Exception e) when (!budget.IsExceeded && e is not OperationCanceledException)
        {
            output.Add(DocumentBlockKind.Paragraph, "(This attachment could not be read.)");
        }
    }
}
