using System.Runtime.InteropServices;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>Which builds of llama.cpp count as compatible.</summary>
public sealed class LlamaAbiTests
{
    private const string Defaults = """
        struct llama_model_params llama_model_default_params(void) {
            struct llama_model_params p = {0};
            p.n_gpu_layers = -1; p.split_mode = LLAMA_SPLIT_MODE_LAYER; p.load_mode = LLAMA_LOAD_MODE_AUTO;
            p.lazy_mode = LLAMA_LAZY_MODE_AUTO; p.use_extra_bufts = true;
            return p;
        }
        struct llama_context_params llama_context_default_params(void) {
            struct llama_context_params p = {0};
            p.n_ctx = 512; p.n_batch = 2048; p.n_ubatch = 512; p.n_seq_max = 1; p.n_outputs_max_per_seq = 1;
            p.n_threads = 4; p.n_threads_batch = 4; p.rope_scaling_type = -1; p.pooling_type = -1; p.attention_type = -1;
            p.flash_attn_type = -1; p.yarn_ext_factor = -1; p.yarn_attn_factor = -1; p.yarn_beta_fast = -1; p.yarn_beta_slow = -1;
            p.defrag_thold = -1; p.type_k = GGML_TYPE_F16; p.type_v = GGML_TYPE_F16;
            p.offload_kqv = true; p.no_perf = true; p.op_offload = true; p.swa_full = true;
            return p;
        }
        struct llama_batch llama_batch_get_one(llama_token * tokens, int32_t n) {
            struct llama_batch b = {0}; b.n_tokens = n; b.token = tokens; return b;
        }
        """;

    [Fact]
    public void BuildWithTheDefaultsOfTheHeadersIsCompatible() => Assert.Empty(Differences("", Defaults));

    [Fact]
    public void FunctionThatIsMissingIsNamed()
    {
        Assert.Equal(["llama_decode is missing"], Differences("", Defaults, leaveOut: "llama_decode"));
    }

    [Theory]
    [InlineData("p.n_ubatch = 512;", "p.n_ubatch = 513;", "llama_context_params.n_ubatch")]
    [InlineData("p.flash_attn_type = -1;", "p.flash_attn_type = 0;", "llama_context_params.flash_attn_type")]
    [InlineData("p.type_v = GGML_TYPE_F16;", "p.type_v = GGML_TYPE_F32;", "llama_context_params.type_k")]
    [InlineData("p.op_offload = true;", "", "llama_context_params.kv_unified")]
    [InlineData("p.use_extra_bufts = true;", "p.no_host = true;", "llama_model_params.use_extra_bufts")]
    [InlineData("p.load_mode = LLAMA_LOAD_MODE_AUTO;", "p.load_mode = 1;", "llama_model_params.load_mode")]
    [InlineData("b.token = tokens;", "b.embd = (float *) tokens;", "llama_batch.token")]
    public void ValueThatIsNotWhereItShouldBeIsNamed(string original, string changed, string difference)
    {
        Assert.Contains(original, Defaults, StringComparison.Ordinal);

        Assert.Contains(difference, Differences("", Defaults.Replace(original, changed, StringComparison.Ordinal)));
    }

    [Fact]
    public void StructThatHasGrownIsNamed()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Support.Skipping.Because("The size of a returned struct is visible only on x64.");
        }

        const string grown = """
            struct grown { struct llama_context_params p; long more[4]; };
            struct grown llama_context_default_params(void) { struct grown g = {{0}}; g.p = inner(); g.more[3] = 7; return g; }
            """;
        string source = Defaults.Replace("struct llama_context_params llama_context_default_params", "static struct llama_context_params inner", StringComparison.Ordinal);

        Assert.Contains(
            Differences("#define llama_context_default_params hidden", source + "\n#undef llama_context_default_params\n" + grown),
            difference => difference.Contains("sizeof(llama_context_params)", StringComparison.Ordinal));
    }

    private static List<string> Differences(string before, string source, string leaveOut = "")
    {
        string[] own = ["llama_model_default_params", "llama_context_default_params", "llama_batch_get_one"];
        IEnumerable<string> others = LlamaNative.Exports.ToArray().Except(own).Where(name => name != leaveOut);
        using var folder = new Inference.TemporaryFolder();
        string path = Path.Combine(folder.Path, "libllama.so");
        CCompiler.MakeLibrary(
            path,
            $"{before}\n#include \"llama.h\"\n{source}",
            string.Concat(others.Select(name => $"void {name}(void) {{}}\n")));
        nint library = NativeLibrary.Load(path);
        try
        {
            return LlamaAbi.FindDifferences(library);
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }
}
