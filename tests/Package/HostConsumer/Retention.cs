internal sealed record Retention(string Database, int Days);
