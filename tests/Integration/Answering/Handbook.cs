namespace RedisInfer.Tests.Integration.Answering;

/// <summary>A few documents with facts to ask about.</summary>
internal static class Handbook
{
    public static readonly RagDocument Backups = new(
        "engineering/backups.md",
        "# Backups\n\nNightly backups of the orders database start at 02:15 UTC.\n\nBackups of the orders database are kept for 35 days.\n");

    public static readonly RagDocument Gateway = new(
        "engineering/gateway.md", "# Gateway\n\nThe gateway listens on port 8443.\n\nIts configuration file is /etc/gateway.yaml.\n");

    public static readonly RagDocument Travel = new(
        "people/travel.md", "# Travel\n\nTravel costs must be approved by the team lead.\n\nThe daily meal allowance is 42 euros.\n");

    public static async IAsyncEnumerable<RagDocument> AllAsync()
    {
        await Task.Yield();
        yield return Backups;
        yield return Gateway;
        yield return Travel;
    }
}
