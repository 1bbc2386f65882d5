package io.flocker.core.config;

import io.flocker.core.id.Address;
import io.flocker.core.volume.VolumeMode;
import io.flocker.core.yaml.YamlValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All settings of this node; where peers are is no setting, see {@code /v1/peers}.
 *
 * @param listen key {@code listen}: where the API is served; {@code 0.0.0.0:4523} by default, port
 *     0 lets the kernel choose
 * @param advertise key {@code advertise}: where peers reach this node; as {@code listen} by default
 * @param pool key {@code pool}: the ZFS pool; {@code flocker} by default
 * @param mountRoot key {@code mount-root}: the folder below which volumes are mounted; {@code
 *     /flocker} by default
 * @param volumeMode key {@code volume-mode}: the mode of a new volume's root folder, {@code 0755}
 *     (the default) or {@code 0777}
 * @param certificates key {@code certificates}: the folder with {@code cluster.crt}, {@code
 *     node.crt} and {@code node.key}; {@code /etc/flocker} by default
 * @param state key {@code state}: the folder for what flockerd remembers; {@code /var/lib/flocker}
 *     by default
 * @param identity key {@code identity}: the file with this node's uuid; {@code
 *     /etc/flocker/volume.json} by default
 * @param tls key {@code tls}
 * @param zfs key {@code zfs}
 * @param transfer key {@code transfer}
 * @param replicas key {@code replicas}
 * @param hooks key {@code hooks}
 * @param ownership key {@code ownership}
 * @param engine key {@code engine}
 * @param plugin key {@code docker-plugin}
 * @param notifications key {@code notify}
 * @param log key {@code log}
 */
public record NodeConfiguration(
    Address listen,
    Address advertise,
    String pool,
    Path mountRoot,
    VolumeMode volumeMode,
    Path certificates,
    Path state,
    Path identity,
    TlsConfiguration tls,
    ZfsConfiguration zfs,
    TransferConfiguration transfer,
    ReplicasConfiguration replicas,
    HooksConfiguration hooks,
    OwnershipConfiguration ownership,
    EngineConfiguration engine,
    PluginConfiguration plugin,
    NotifyConfiguration notifications,
    LogConfiguration log) {
  /** Where flockerd looks unless told otherwise. */
  public static final Path DEFAULT_FILE = Path.of("/etc/flocker/flockerd.yml");

  private static final int VERSION = 1;
  private static final Address LISTEN = new Address("0.0.0.0", 4523);

  /**
   * zpoolconcepts(7): begins with a letter; of the other characters a space is too much trouble.
   */
  private static final Pattern POOL = Pattern.compile("[a-zA-Z][a-zA-Z0-9_.:-]*");

  /**
   * Settings with what they say one by one.
   *
   * @param settings in the order of the file that packages bring
   */
  public record Explained(NodeConfiguration configuration, List<Setting> settings) {
    /** A setting that a file says; empty where the default holds. */
    public Optional<Setting> said(String key) {
      return settings.stream()
          .filter(setting -> setting.key().equals(key) && !setting.isDefault())
          .findFirst();
    }
  }

  /**
   * Reads {@code file}, and those of the folder {@code conf.d} beside it.
   *
   * @throws ConfigurationException with everything that is wrong with them
   */
  public static NodeConfiguration read(Path file) throws ConfigurationException {
    return explain(file).configuration();
  }

  /**
   * The same, with what each setting is and who says so.
   *
   * @throws ConfigurationException with everything that is wrong with them
   */
  public static Explained explain(Path file) throws ConfigurationException {
    SettingsFiles files = new SettingsFiles(file);
    SettingsReading reading = new SettingsReading(files);
    return read(file, files.read(reading.problems()), reading);
  }

  /** Reads {@code bytes}; {@code file} names them in messages. */
  static NodeConfiguration parse(Path file, byte[] bytes) throws ConfigurationException {
    SettingsReading reading = new SettingsReading(new SettingsFiles(file));
    return read(file, YamlFile.mapping(file, bytes, reading.problems()), reading).configuration();
  }

  private static Explained read(Path file, YamlValue.Mapping document, SettingsReading reading)
      throws ConfigurationException {
    NodeConfiguration configuration = read(new YamlMapping("", document, reading));
    if (!reading.problems().isEmpty()) {
      throw new ConfigurationException(file, reading.problems());
    }
    return new Explained(configuration, reading.settings());
  }

  private static NodeConfiguration read(YamlMapping top) {
    top.require("version", "is missing: this flockerd reads 'version: 1'");
    int _ = top.number("version", VERSION, VERSION, VERSION);
    Address listen = top.address("listen", LISTEN);
    NodeConfiguration configuration =
        new NodeConfiguration(
            listen,
            advertise(top, listen),
            pool(top),
            top.path("mount-root", Path.of("/flocker")),
            top.choice("volume-mode", List.of(VolumeMode.values()), VolumeMode.ROOT_WRITES),
            top.path("certificates", Path.of("/etc/flocker")),
            top.path("state", Path.of("/var/lib/flocker")),
            top.path("identity", Path.of("/etc/flocker/volume.json")),
            TlsConfiguration.read(top.mapping("tls")),
            ZfsConfiguration.read(top.mapping("zfs")),
            TransferConfiguration.read(top.mapping("transfer")),
            ReplicasConfiguration.read(top.mapping("replicas")),
            HooksConfiguration.read(top.mapping("hooks")),
            OwnershipConfiguration.read(top.mapping("ownership")),
            EngineConfiguration.read(top.mapping("engine")),
            PluginConfiguration.read(top.mapping("docker-plugin")),
            NotifyConfiguration.read(top.mapping("notify")),
            LogConfiguration.read(top.mapping("log")));
    top.refuseUnknown();
    return configuration;
  }

  private static Address advertise(YamlMapping top, Address listen) {
    Address advertise = top.address("advertise", listen);
    if (!advertise.isReachable() && !advertise.equals(listen)) {
      top.refuse("advertise", "is where peers connect to: a host and a port, not " + advertise);
    }
    return advertise;
  }

  private static String pool(YamlMapping top) {
    String pool = top.text("pool", "flocker");
    if (!POOL.matcher(pool).matches()) {
      top.refuse("pool", "is the name of a ZFS pool, not '" + pool + "'");
    }
    return pool;
  }
}
