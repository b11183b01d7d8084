using RedisInfer.Errors;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>A model whose chat template cannot be run is refused before anything is stored for it. Only its vocabulary is loaded by then.</summary>
public sealed class TemplateRefusalTests(Redis8Fixture server) : RagContract(server), IClassFixture<Redis8Fixture>
{
    private const string Usable = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}";

    [Theory]
    [InlineData("{# one #}\n{% for m in messages %}{{ m.content }}", "Line 2", "endfor")]
    [InlineData("{# one #}\n{# two #}\n{{ messages.x.y }}", "Line 3", "'x'")]
    [InlineData("{{ raise_exception('Only one turn.') }}", "Line 1", "Only one turn.")]
    [InlineData("\n{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "Line 2", "too many steps")]
    [InlineData("{% for m in messages %}{{ m.role }}{% endfor %}", "renders the user's turn 0 times", "ordinary chat template")]
    [InlineData("{{ messages[-1].content | upper }}", "renders the user's turn 0 times", "changes its text")]
    public async Task NothingIsStored(string template, string where, string cause)
    {
        RedisInferException thrown = await RefusedAsync(file => file.Metadata.Set("tokenizer.chat_template", template));

        Assert.Contains(where, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(cause, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingIsStoredForABaseModel() => Assert.Contains(
        "no chat template",
        (await RefusedAsync(file => file.Metadata.Remove("tokenizer.chat_template"))).Message,
        StringComparison.Ordinal);

    private async Task<RedisInferException> RefusedAsync(Action<GgufModel> change)
    {
        using var folder = new TemporaryFolder();
        GgufModel file = TinyQwen3.Text();
        change(file);
        string path = folder.Write("model.gguf", file.ToBytes());
        RedisInferException thrown;
        await using (RagRuntime runtime = Start(configure: options => options.ModelPath = path))
        {
            thrown = await Assert.ThrowsAsync<RedisInferException>(() => runtime.Index.AddAsync(Handbook.Backups, TestEnds));
            await Assert.ThrowsAsync<RedisInferException>(() => runtime.Index.AddAsync(Handbook.Gateway, TestEnds));
        }

        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
        Assert.Contains(path, thrown.Message, StringComparison.Ordinal);
        IConnectionMultiplexer connection = await Server.ConnectAsync();
        Assert.Empty(connection.GetServers()[0].Keys(pattern: $"*{Corpus}*"));

        // The same corpus takes the same model with a template that runs.
        file.Metadata.Set("tokenizer.chat_template", Usable);
        path = folder.Write("usable.gguf", file.ToBytes());
        await using RagRuntime usable = Start(configure: options => options.ModelPath = path);
        Assert.Equal(IndexingStatus.Added, (await usable.Index.AddAsync(Handbook.Backups, TestEnds)).Status);
        Assert.NotEmpty(connection.GetServers()[0].Keys(pattern: $"*{Corpus}*"));
        return thrown;
    }
}
