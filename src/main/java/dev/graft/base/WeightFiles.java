package dev.graft.base;

import dev.graft.fetch.Checksum;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The official weight files by the base's name. Digests are those in the Keras source (MD5) and of the Hugging Face
 * repository; sizes are what the official servers announce.
 */
final class WeightFiles {

    private static final String KERAS = "https://storage.googleapis.com/tensorflow/keras-applications/";
    private static final String APACHE = "Apache-2.0";
    private static final Map<String, WeightFile> BY_BASE = table();

    private WeightFiles() {}

    /** Returns the file of a base, whether or not the catalogue has the base yet. */
    static Optional<WeightFile> of(String base) {
        return Optional.ofNullable(BY_BASE.get(base));
    }

    /** Returns all of them. */
    static Map<String, WeightFile> all() {
        return BY_BASE;
    }

    private static Map<String, WeightFile> table() {
        Map<String, WeightFile> table = new TreeMap<>();
        table.put(
                "sprout",
                new WeightFile(
                        "/dev/graft/base/sprout.safetensors",
                        WeightFile.Origin.BUILT_IN,
                        Optional.empty(),
                        "pretrained by Graft: graft pretrain-sprout",
                        APACHE,
                        OptionalLong.empty(),
                        Optional.empty()));
        table.put(
                "vgg16",
                keras(
                        "vgg16/",
                        "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
                        "CC-BY-4.0",
                        58_889_256,
                        "6d6bbae143d832006294945121d1f1fc"));
        table.put(
                "resnet50",
                keras(
                        "resnet/",
                        "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
                        "MIT",
                        94_765_736,
                        "4d473c1dd8becc155b73f8504c6f6626"));
        table.put(
                "inception_v3",
                keras(
                        "inception_v3/",
                        "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
                        APACHE,
                        87_910_968,
                        "bcbd6486424b2319ff4ef7d526e38f63"));
        table.put(
                "xception",
                keras(
                        "xception/",
                        "xception_weights_tf_dim_ordering_tf_kernels_notop.h5",
                        "MIT",
                        83_683_744,
                        "b0042744bf5b25fce3cb969f33bebb97"));
        mobileNet(table, "mobilenet", "1_0", OptionalLong.of(17_225_924));
        mobileNet(table, "mobilenet_0.75", "7_5", OptionalLong.empty());
        mobileNet(table, "mobilenet_0.5", "5_0", OptionalLong.empty());
        mobileNet(table, "mobilenet_0.25", "2_5", OptionalLong.empty());
        mobileNetV2(table, "mobilenet_v2", "1.0", OptionalLong.of(9_406_464));
        for (String width : new String[] {"0.35", "0.5", "0.75", "1.3", "1.4"}) {
            mobileNetV2(table, "mobilenet_v2_" + width, width, OptionalLong.empty());
        }
        table.put(
                "efficientnet_b0",
                file(
                        "https://storage.googleapis.com/keras-applications/",
                        "efficientnetb0_notop.h5",
                        APACHE,
                        OptionalLong.of(16_705_208),
                        Optional.of(Checksum.md5("50bc09e76180e00e4465e1a485ddc09d"))));
        table.put(
                "squeezenet",
                file(
                        "https://github.com/rcmalli/keras-squeezenet/releases/download/v1.0/",
                        "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5",
                        "MIT, from a Caffe model under BSD",
                        OptionalLong.empty(),
                        Optional.empty()));
        // torchvision's IMAGENET1K_V1 weights at a fixed revision; every file of that site is called model.safetensors.
        table.put(
                "resnet18",
                new WeightFile(
                        "resnet18.tv_in1k.safetensors",
                        WeightFile.Origin.OFFICIAL,
                        Optional.of(URI.create("https://huggingface.co/timm/resnet18.tv_in1k/resolve/"
                                + "bbd144b3e5565108aad885f145491d11bc6ce807/model.safetensors")),
                        "https://huggingface.co/timm/resnet18.tv_in1k",
                        "BSD-3-Clause",
                        OptionalLong.of(46_807_446),
                        Optional.of(
                                Checksum.sha256("694f673df6520a3158624e8a89af086f59923ee4cd7436fe5bc3bc71d295ad81"))));
        return Map.copyOf(table);
    }

    private static void mobileNet(Map<String, WeightFile> table, String base, String width, OptionalLong bytes) {
        String name = "mobilenet_" + width + "_224_tf_no_top.h5";
        table.put(base, file(KERAS + "mobilenet/", name, APACHE, bytes, Optional.empty()));
    }

    private static void mobileNetV2(Map<String, WeightFile> table, String base, String width, OptionalLong bytes) {
        String name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_" + width + "_224_no_top.h5";
        table.put(base, file(KERAS + "mobilenet_v2/", name, APACHE, bytes, Optional.empty()));
    }

    private static WeightFile keras(String folder, String name, String licence, long bytes, String md5) {
        return file(KERAS + folder, name, licence, OptionalLong.of(bytes), Optional.of(Checksum.md5(md5)));
    }

    private static WeightFile file(
            String folder, String name, String licence, OptionalLong bytes, Optional<Checksum> checksum) {
        return new WeightFile(
                name,
                WeightFile.Origin.OFFICIAL,
                Optional.of(URI.create(folder + name)),
                folder,
                licence,
                bytes,
                checksum);
    }
}
