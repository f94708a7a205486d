// A whole client of Samsyn's HTTPS profile: says the event in the file given, then prints whatever the agency is told.
// SAMSYN_EXCHANGE_URL=https://… SAMSYN_TOKEN=… java SayAndHear.java event.json [cursor]
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

public class SayAndHear {
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        System.out.println(answer(to("/events").POST(BodyPublishers.ofFile(Path.of(args[0])))));
        for (var cursor = args.length > 1 ? "&cursor=" + args[1] : ""; ; ) {
            var page = answer(to("/inbox?wait=25" + cursor).GET());
            if (!page.startsWith("{\"events\":[")) throw new IllegalStateException(page); // another place to read from
            if (!page.startsWith("{\"events\":[]")) System.out.println(page); // keep it: asking on acknowledges it
            cursor = "&cursor=" + page.substring(page.lastIndexOf(':') + 1, page.length() - 1);
        }
    }

    static HttpRequest.Builder to(String path) {
        var request = HttpRequest.newBuilder(URI.create(System.getenv("SAMSYN_EXCHANGE_URL") + "/v1" + path));
        return request.headers("Authorization", "Bearer " + System.getenv("SAMSYN_TOKEN"),
                "Content-Type", "application/cloudevents+json");
    }

    static String answer(HttpRequest.Builder request) throws InterruptedException {
        for (;; Thread.sleep(2000)) try { // away: the same again with the same id, until there is an answer
            var response = CLIENT.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() < 500) return response.body();
        } catch (IOException away) { System.err.println(away); }
    }
}
