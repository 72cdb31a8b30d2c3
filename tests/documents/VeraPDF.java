import java.io.FileInputStream;
import java.util.*;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
import org.verapdf.pdfa.validation.profiles.*;
import org.w3c.dom.*;

/** Each file against veraPDF's own profiles of PDF/A-2a and PDF/UA-1; one line for each fault.
 *  The profiles are read by hand, for JAXB is not in the jar. */
public class VeraPDF {
    public static void main(String[] files) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        for (String name : new String[] {"PDFA-2A", "PDFUA-1"}) {
            ValidationProfile profile = profile(name);
            System.out.println("profile " + name + " " + profile.getRules().size());
            for (String file : files) {
                check(profile, name, file);
            }
        }
    }

    static void check(ValidationProfile profile, String name, String file) throws Exception {
        VeraPDFFoundry foundry = Foundries.defaultInstance();
        try (PDFAParser parser =
                foundry.createParser(new FileInputStream(file), profile.getPDFAFlavour())) {
            ValidationResult result =
                    foundry.createValidator(profile, 1000, false, false, false).validate(parser);
            Set<String> faults = new TreeSet<>();
            for (TestAssertion each : result.getTestAssertions()) {
                RuleId rule = each.getRuleId();
                faults.add(rule.getClause() + "-" + rule.getTestNumber() + " " + each.getMessage());
            }
            System.out.println((result.isCompliant() ? "passes " : "fails ") + name + " " + file);
            faults.forEach(fault -> System.out.println("fault " + name + " " + fault));
        }
    }

    static ValidationProfile profile(String name) throws Exception {
        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(
                Foundries.class.getResourceAsStream("/org/verapdf/pdfa/validation/" + name + ".xml"));
        Set<Rule> rules = new HashSet<>();
        for (Element each : elements(xml.getDocumentElement(), "rule")) {
            Element id = elements(each, "id").get(0);
            rules.add(Profiles.ruleFromValues(
                    Profiles.ruleIdFromValues(
                            PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                            id.getAttribute("clause"),
                            Integer.parseInt(id.getAttribute("testNumber"))),
                    each.getAttribute("object"),
                    each.hasAttribute("deferred") ? Boolean.valueOf(each.getAttribute("deferred")) : null,
                    each.getAttribute("tags"),
                    text(each, "description"),
                    text(each, "test"),
                    Profiles.errorFromValues(text(each, "message"), List.of()),
                    List.of()));
        }
        Set<Variable> variables = new HashSet<>();
        for (Element each : elements(xml.getDocumentElement(), "variable")) {
            variables.add(Profiles.variableFromValues(
                    each.getAttribute("name"), each.getAttribute("object"),
                    text(each, "defaultValue"), text(each, "value")));
        }
        return Profiles.profileFromValues(
                PDFAFlavour.valueOf(xml.getDocumentElement().getAttribute("flavour")),
                Profiles.profileDetailsFromValues(name, name, name, new Date()),
                "", rules, variables);
    }

    static List<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int at = 0; at < found.getLength(); at++) {
            elements.add((Element) found.item(at));
        }
        return elements;
    }

    static String text(Element parent, String name) {
        List<Element> found = elements(parent, name);
        return found.isEmpty() ? null : found.get(0).getTextContent().trim();
    }
}
