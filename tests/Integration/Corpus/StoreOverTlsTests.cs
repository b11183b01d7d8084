using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class StoreOverTlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.Valkey)]
    public async Task CorpusIsWrittenAndFoundOverTls(RedisVersion version)
    {
        using var folder = new TempFolder();
        string certificate = Path.Combine(folder.Path, "redis.crt"), key = Path.Combine(folder.Path, "redis.key");
        WriteCertificate(certificate, key);
        int port = RedisServer.FreePort();
        await using RedisServer server = await RedisServer.StartOrSkipAsync(version, new RedisServerOptions
        {
            ConfigurationLines =
            [
                string.Create(CultureInfo.InvariantCulture, $"tls-port {port}"),
                $"tls-cert-file {certificate}", $"tls-key-file {key}", $"tls-ca-cert-file {certificate}", "tls-auth-clients no",
            ],
        });
        var options = ConfigurationOptions.Parse(string.Create(CultureInfo.InvariantCulture, $"localhost:{port},ssl=true"));
        options.TrustIssuer(certificate);

        await using var source = new RedisConnectionSource(options);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation));
        await corpus.WriteAsync("a", 0, "tide");

        Assert.Equal("tide", Assert.Single(await corpus.SearchAsync(0)).Text);
    }

    private static void WriteCertificate(string certificateFile, string keyFile)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
