import org.openapitools.client.ApiClient;
import org.openapitools.client.api.VolumeApi;

/** A program on a generated client: prints the name and the id of each volume of a node. */
public class ListVolumes {
  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    new VolumeApi(client)
        .listVolumes(VolumeApi.APIListVolumesRequest.newBuilder().build())
        .getVolumes()
        .forEach(volume -> System.out.println(volume.getName() + " " + volume.getId()));
  }
}
